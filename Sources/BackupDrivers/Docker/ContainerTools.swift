internal import BackupCore

/// The tools of a container, run inside of it: of the database's own version, and with no port in between.
///
/// The container needs a `/bin/sh`, as the images of all databases have. Memory: ``ContainerCall/blockSize``.
struct ContainerTools: ToolPlace {
    let sharesFiles = false
    var host: String { exec.container.name }
    private let exec: DockerExec

    init(_ container: ContainerReference) { exec = DockerExec(container: container) }

    /// The container's own PATH finds it.
    func find(_ name: String, alsoIn places: [String]) -> [String] { [name] }

    /// A container's programs have the container's variables, not ours.
    func environment(prefixes: [String]) -> [String: String] { [:] }

    /// What the start script makes the file of.
    static let settingsVariable = "BACKUPY_SETTINGS"

    func withSettings<R>(
        _ settings: Secret, temporary: String, _ body: (String, [String: String]) async throws -> R
    ) async throws -> R {
        try await body("/dev/fd/3", [Self.settingsVariable: settings.revealed])
    }

    func run(_ tool: DumpTool, stdin: Int32?, stdout: Int32?, stderr: Int32) async throws -> ToolEnding {
        let call = try ContainerCall(exec, tool, stdin: stdin, stdout: stdout, stderr: stderr)
        do {
            return try await withTaskCancellationHandler {
                try await call.run()
            } onCancel: {
                call.cancel()
            }
        } catch {
            // A task of its own: this one is cancelled, and what it started must not go on.
            await Task { await call.end() }.value
            throw error
        }
    }
}
