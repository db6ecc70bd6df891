package import BackupCore

/// What goes wrong on the agent's own host: its settings, its owner's policy, hooks, its own sockets.
package enum AgentError: BackupError, Equatable {
    case settings([SettingProblem])
    case cannotListen(String, reason: String)

    case policyUnreadable(String, reason: String)
    case policyInvalid(String, reason: String)
    /// - Parameters:
    ///   - what: that was asked for: `a restore into database 'app'`.
    ///   - rule: the policy's part that decided: `restores`.
    case deniedByPolicy(String, rule: String)

    case hooksDisabled
    case tooManyHooks(Int)
    case hookTooLong(String, bytes: Int)
    case hookMisformed(String, reason: String)
    case hookNotStarted(String, reason: String)
    case hookFailed(String, ending: String, words: String)
    case hookTimedOut(String, seconds: Int, words: String)
    case hooksTimedOut(seconds: Int, words: String)

    case socketPathTooLong(String)
    case notRunning(String, reason: String)
    case noAnswer(String)
    case unhealthy(String)
    case noUpdateOffered(String)

    package var code: String {
        switch self {
        case .settings: "agent.settings"
        case .cannotListen: "agent.cannot_listen"
        case .policyUnreadable: "agent.policy_unreadable"
        case .policyInvalid: "agent.policy_invalid"
        case .deniedByPolicy: "agent.denied_by_policy"
        case .hooksDisabled: "agent.hooks_disabled"
        case .tooManyHooks: "agent.too_many_hooks"
        case .hookTooLong: "agent.hook_too_long"
        case .hookMisformed: "agent.hook_misformed"
        case .hookNotStarted: "agent.hook_not_started"
        case .hookFailed: "agent.hook_failed"
        case .hookTimedOut: "agent.hook_timed_out"
        case .hooksTimedOut: "agent.hooks_timed_out"
        case .socketPathTooLong: "agent.socket_path_too_long"
        case .notRunning: "agent.not_running"
        case .noAnswer: "agent.no_answer"
        case .unhealthy: "agent.unhealthy"
        case .noUpdateOffered: "agent.no_update_offered"
        }
    }

    package var message: String {
        switch self {
        case .settings(let problems):
            "wrong settings in the environment: \(problems.map(\.variable).joined(separator: ", "))"
        case .cannotListen(let address, let reason): "the agent can't listen on \(address): \(reason)"
        case .policyUnreadable(let path, let reason): "the policy \(path) can't be read: \(reason)"
        case .policyInvalid(let path, let reason): "the policy \(path) is not understood: \(reason)"
        case .deniedByPolicy(let what, _): "the policy of the agent's host does not allow \(what)"
        case .hooksDisabled: "the job has hooks, and hooks are not allowed on the agent's host"
        case .tooManyHooks(let count): "the job has \(count) hooks, and \(HookRunner.largestCount) are the most"
        case .hookTooLong(let hook, let bytes):
            "the \(hook) has \(bytes) bytes, and \(HookRunner.longestCommand) are the most"
        case .hookMisformed(let hook, let reason): "the \(hook) can't be run: \(reason)"
        case .hookNotStarted(let hook, let reason): "the \(hook) could not be started: \(reason)"
        case .hookFailed(let hook, let ending, let words):
            words.isEmpty
                ? "the \(hook) ended with \(ending) and said nothing" : "the \(hook) ended with \(ending): \(words)"
        case .hookTimedOut(let hook, let seconds, let words):
            "the \(hook) had not ended after \(seconds) s, and was stopped" + Self.lastSaid(words)
        case .hooksTimedOut(let seconds, let words):
            "the hooks of the run took more than \(seconds) s together" + Self.lastSaid(words)
        case .socketPathTooLong(let path): "the path of the agent's socket is too long: \(path)"
        case .notRunning(let path, let reason): "no agent answers at \(path): \(reason)"
        case .noAnswer(let path): "the agent at \(path) did not answer in time"
        case .unhealthy(let reason): "the agent is not healthy: \(reason)"
        case .noUpdateOffered(let version): "the control plane offers no version \(version)"
        }
    }

    private static func lastSaid(_ words: String) -> String { words.isEmpty ? "" : "; it said last: \(words)" }

    package var hint: String {
        switch self {
        case .settings: "correct each of them, as the lines above say, and start the agent again"
        case .cannotListen: "give another address in BACKUPY_METRICS_LISTEN_ADDR, or an empty one to turn metrics off"
        case .policyUnreadable: "check the path in BACKUPY_POLICY_FILE, and that the agent's user may read the file"
        case .policyInvalid: "correct the file; docs/operate/policy.md has the form and an example"
        case .deniedByPolicy(_, let rule):
            "the owner of the host can change '\(rule)' in its policy file, and start the agent again"
        case .hooksDisabled: "set BACKUPY_ALLOW_HOOKS=true on the agent's host, or take the hooks out of the job"
        case .tooManyHooks: "put several commands into one script"
        case .hookTooLong: "put the command into a script on the host, and call that"
        case .hookMisformed: "write 'docker exec CONTAINER COMMAND', without options"
        case .hookNotStarted: "check the container's name, and this machine's limits on processes and open files"
        case .hookFailed: "its own words say what to look at; try the command on the host"
        case .hookTimedOut, .hooksTimedOut: "make it shorter, or let it start the work and not wait for it"
        case .socketPathTooLong: "give a shorter BACKUPY_STATE_DIR: with the socket's name it may have 107 bytes"
        case .notRunning: "start the agent, with the same BACKUPY_STATE_DIR"
        case .noAnswer: "look into the agent's log; start it again when it is stuck"
        case .unhealthy: "look into the agent's log"
        case .noUpdateOffered: "update the agent as it was installed: pull the image, or install the package"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .hookFailed, .hookTimedOut, .hooksTimedOut, .hookNotStarted, .notRunning, .noAnswer, .unhealthy: .retry
        default: .userAction
        }
    }
}
