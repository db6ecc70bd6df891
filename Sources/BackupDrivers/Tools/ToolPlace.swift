internal import BackupCore

/// Where a database's tools are and run: this machine, or a container.
protocol ToolPlace: Sendable {
    /// The programs called `name`, the preferred one first, as paths or names that ``run(_:stdin:stdout:stderr:)`` can start.
    /// - Parameter places: more directories to look in, where there are directories to look in.
    func find(_ name: String, alsoIn places: [String]) -> [String]

    /// The variables that a tool gets besides what its driver gives it.
    /// - Parameter prefixes: of the variables that are the tool's own: `PG`.
    func environment(prefixes: [String]) -> [String: String]

    /// Runs `tool` with these descriptors, which it closes when it has no more use for them, and returns how it ended.
    ///
    /// When the task is cancelled, the tool and its children are ended (SIGTERM, then SIGKILL after ``DumpTool/grace``)
    /// before this returns.
    func run(_ tool: DumpTool, stdin: Int32?, stdout: Int32?, stderr: Int32) async throws -> ToolEnding

    /// Runs `body` with the path where a tool of this place reads `settings`, and the variables that it needs for that. Nobody else
    /// can read them there, and they are gone with the tool.
    /// - Parameter temporary: this machine's directory for temporary files.
    func withSettings<R>(
        _ settings: Secret, temporary: String, _ body: (_ path: String, _ variables: [String: String]) async throws -> R
    ) async throws -> R

    /// Whether a tool can open a file that we write.
    var sharesFiles: Bool { get }
    /// What the place is called as a database's host, where the URL names none.
    var host: String { get }
}

extension ToolPlace {
    /// That none of its programs is called `tool`.
    func missing(_ tool: String) -> DriverError {
        .toolNotFound(sharesFiles ? tool : "\(tool) (in container '\(host)')")
    }
}

/// How a tool ended.
enum ToolEnding: Sendable, Equatable, CustomStringConvertible {
    case exited(Int32)
    case signaled(Int32)

    var isSuccess: Bool { self == .exited(0) }

    var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
