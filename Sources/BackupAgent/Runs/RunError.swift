package import BackupCore

/// Why an agent refuses or ends a run or a restore, where no driver, store or format could know.
package enum RunError: BackupError, Equatable {
    case unknownJob(String)
    case unknownTarget(String)
    case unknownEngine(String)
    case unknownCompression(job: String)
    case keyMissing(job: String)
    case keyUnwanted(job: String)
    case keyMalformed
    case recipientsWithKey
    case noDestination
    case credentialsExpired
    case secretMissing(String, reason: String)
    case queueFull(Int)
    case timedOut(Duration)
    case interrupted
    case stopping
    case uploadRefused(String)
    case unexpectedAnswer(String)
    case noDownload
    case cancelled(String)

    package var code: String {
        switch self {
        case .unknownJob: "run.unknown_job"
        case .unknownTarget: "run.unknown_target"
        case .unknownEngine: "run.unknown_engine"
        case .unknownCompression: "run.unknown_compression"
        case .keyMissing: "run.key_missing"
        case .keyUnwanted: "run.key_unwanted"
        case .keyMalformed: "run.key_malformed"
        case .recipientsWithKey: "run.recipients_with_key"
        case .noDestination: "run.no_destination"
        case .credentialsExpired: "run.credentials_expired"
        case .secretMissing: "run.secret_missing"
        case .queueFull: "run.queue_full"
        case .timedOut: "run.timed_out"
        case .interrupted: "run.interrupted"
        case .stopping: "run.stopping"
        case .uploadRefused: "run.upload_refused"
        case .unexpectedAnswer: "run.unexpected_answer"
        case .noDownload: "run.no_download"
        case .cancelled: "run.cancelled"
        }
    }

    package var message: String {
        switch self {
        case .unknownJob(let id): "there is no job '\(id)' in the agent's configuration"
        case .unknownTarget(let id): "there is no target '\(id)' in the agent's configuration"
        case .unknownEngine(let id): "target '\(id)' is of a kind of database that this agent doesn't know"
        case .unknownCompression(let job): "job '\(job)' names a compression that this agent doesn't know"
        case .keyMissing(let job): "job '\(job)' is to be encrypted, and there is neither a key nor a recipient"
        case .keyUnwanted(let job): "job '\(job)' is not to be encrypted, and there is a key or a recipient"
        case .keyMalformed: "the key of the backup has not 32 bytes"
        case .recipientsWithKey: "there are recipients, and a key of the server's as well"
        case .noDestination: "there is no address to upload to"
        case .credentialsExpired: "the address to upload to was good until a moment that has passed"
        case .secretMissing(let place, let reason): "the password is not where it should be, in \(place): \(reason)"
        case .queueFull(let count): "\(count) runs wait already"
        case .timedOut(let limit): "the time limit of \(limit.components.seconds) s is over"
        case .interrupted: "the agent was stopped or killed in the middle"
        case .stopping: "the agent is stopping"
        case .uploadRefused(let reason): "the control plane did not accept the upload: \(reason)"
        case .unexpectedAnswer(let request): "the control plane's answer to \(request) is another message"
        case .noDownload: "the control plane gave no address to download from"
        case .cancelled(let reason): reason.isEmpty ? "it was cancelled" : "it was cancelled: \(reason)"
        }
    }

    package var hint: String {
        switch self {
        case .unknownJob, .unknownTarget: "save the job again in the control plane, so that the agent gets it"
        case .unknownEngine, .unknownCompression: "update the agent, or change the job"
        case .keyMissing: "give the job a key or recipients, or turn its encryption off"
        case .keyUnwanted: "turn the job's encryption on, or take its recipients away"
        case .keyMalformed, .recipientsWithKey, .unexpectedAnswer: "update the agent and the control plane"
        case .noDestination, .noDownload: "check the storage profile in the control plane"
        case .credentialsExpired: "run it again; if it happens often, let addresses be good for longer"
        case .secretMissing: "set it on the agent's host, or change the target's password reference"
        case .queueFull: "find out why runs don't end, or allow more of them at once"
        case .timedOut: "give the job more time, or find out what has become slower"
        case .interrupted: "nothing to do: it is run again where the job says so"
        case .stopping: "start the agent again"
        case .uploadRefused: "look at the storage profile and its store"
        case .cancelled: "run it again when you want it"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .credentialsExpired, .queueFull, .interrupted, .stopping, .uploadRefused: .retry
        case .keyMalformed, .recipientsWithKey, .unexpectedAnswer: .bug
        default: .userAction
        }
    }
}
