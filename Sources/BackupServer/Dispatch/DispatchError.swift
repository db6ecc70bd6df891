package import BackupCore

/// What goes wrong between the server, its agents and its stores.
package enum DispatchError: BackupError, Equatable {
    case badMasterKey(place: String)
    case keyUnavailable(keyID: String)
    /// What the database holds is under another key than those that are here.
    case foreignMasterKey(keyID: String)
    /// A run needs what the agent can't do.
    case agentTooOld(needs: String)
    case storageGone(String)
    case objectMissing(String)
    case sizeMismatch(reported: UInt64, stored: UInt64)
    case manifestMismatch(String)
    case runForgotten
    case deadlinePassed
    case notConnected(agent: String)
    case noAnswer(within: Duration)
    case storeTestFailed(String)
    case notRestorable(String)

    package var code: String {
        switch self {
        case .badMasterKey: "server.bad_master_key"
        case .keyUnavailable: "server.key_unavailable"
        case .foreignMasterKey: "server.foreign_master_key"
        case .agentTooOld: "server.agent_too_old"
        case .storageGone: "server.storage_gone"
        case .objectMissing: "server.object_missing"
        case .sizeMismatch: "server.size_mismatch"
        case .manifestMismatch: "server.manifest_mismatch"
        case .runForgotten: "server.run_forgotten"
        case .deadlinePassed: "server.deadline_passed"
        case .notConnected: "server.agent_not_connected"
        case .noAnswer: "server.no_answer"
        case .storeTestFailed: "server.store_test_failed"
        case .notRestorable: "server.not_restorable"
        }
    }

    package var message: String {
        switch self {
        case .badMasterKey(let place): "\(place) holds no master key"
        case .keyUnavailable(let keyID): "the key is wrapped under master key \(keyID), which the server doesn't have"
        case .foreignMasterKey(let keyID):
            "the database belongs to master key \(keyID), which the server doesn't have: it does not start"
        case .agentTooOld(let needs): "the agent's version can't do what the job asks for: \(needs)"
        case .storageGone(let id): "there is no storage profile \(id) any more"
        case .objectMissing(let key): "the agent said that it stored \(key), but the store has no such object"
        case .sizeMismatch(let reported, let stored):
            "the agent said that it stored \(reported) bytes, but the store has \(stored)"
        case .manifestMismatch(let what): "the manifest is not of this backup: \(what)"
        case .runForgotten: "the agent no longer knows of the run"
        case .deadlinePassed: "it did not end before its deadline"
        case .notConnected(let agent): "agent \(agent) is not connected"
        case .noAnswer(let limit): "the agent gave no answer within \(limit)"
        case .storeTestFailed(let what): "the store did not give back what was put: \(what)"
        case .notRestorable(let why): "the backup can't be restored: \(why)"
        }
    }

    package var hint: String {
        switch self {
        case .badMasterKey: "it is 32 bytes in base64 in each line, the newest first; restore it from where you keep it"
        case .foreignMasterKey:
            "restore master.key from where you keep it, or give each replica the same one; without it no backup can be opened"
        case .keyUnavailable: "add that master key to the others, behind the newest one"
        case .agentTooOld: "update the agent, or change the job"
        case .storageGone: "choose another storage profile for the job"
        case .objectMissing, .sizeMismatch: "check who else writes to the store, and run the job again"
        case .manifestMismatch: "run the job again; when it happens again, report it"
        case .runForgotten: "look at why the agent was restarted, or lost its state directory; then run the job again"
        case .deadlinePassed: "look at what the agent is doing; allow the job more time if it needs it"
        case .notConnected: "check that the agent runs, and what its log says about the server"
        case .noAnswer: "try again; when it happens again, look at the agent's log"
        case .storeTestFailed: "check the store's settings, and what stands between it and the server"
        case .notRestorable: "choose another backup, or give what is missing"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .objectMissing, .sizeMismatch, .runForgotten, .deadlinePassed, .notConnected, .noAnswer: .retry
        case .manifestMismatch: .bug
        default: .userAction
        }
    }
}
