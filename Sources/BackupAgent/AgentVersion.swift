internal import CBuildInfo

/// What this agent is.
package enum AgentVersion {
    package static let current = "0.1.0"
    /// Of the source it was built from; `unknown` where the build was not told.
    package static var commit: String { String(cString: backup_build_commit()) }
    /// RFC 3339; `unknown` where the build was not told.
    package static var buildDate: String { String(cString: backup_build_date()) }

    package static var line: String { "agent \(current), commit \(commit), built \(buildDate)" }
}
