internal import CBuildInfo

/// What this server is.
package enum ServerVersion {
    package static let current = "0.1.0"
    /// Of the source it was built from; `unknown` where the build was not told.
    package static var commit: String { String(cString: backup_build_commit()) }
    package static var line: String { "backupy-server \(current), commit \(commit)" }
}
