package import Logging

extension Logger.Level {
    /// As the environment and the control plane write it: trace, debug, info, warn, error.
    package init?(agentName: String) {
        switch agentName {
        case "trace": self = .trace
        case "debug": self = .debug
        case "info": self = .info
        case "warn": self = .warning
        case "error": self = .error
        default: return nil
        }
    }

    package var agentName: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info, .notice: "info"
        case .warning: "warn"
        case .error, .critical: "error"
        }
    }
}
