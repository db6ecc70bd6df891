internal import BackupCore
internal import Glibc
internal import Subprocess
internal import SystemPackage

/// This machine, with the tools that are installed on it.
struct LocalTools: ToolPlace {
    private let environment: [String: String]

    let sharesFiles = true
    var host: String { LocalHost.name }

    init(environment: [String: String]) { self.environment = environment }

    /// Every executable file called `name` in PATH and in `places`, in that order.
    func find(_ name: String, alsoIn places: [String]) -> [String] {
        let path = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
        return (path + places).filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.filter { access($0, X_OK) == 0 }
    }

    /// The variables that a tool gets: what concerns its own work and the system's libraries.
    ///
    /// An allow-list, because our environment may hold the keys of the store.
    /// - Parameter prefixes: of the variables that are the tool's own: `PG`.
    func environment(prefixes: [String]) -> [String: String] {
        let names: Set = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"]
        let prefixes = prefixes + ["LC_", "KRB5", "SSL_CERT_", "LD_LIBRARY_PATH"]
        return environment.filter { variable in
            names.contains(variable.key) || prefixes.contains { variable.key.hasPrefix($0) }
        }
    }

    func withSettings<R>(
        _ settings: Secret, temporary: String, _ body: (String, [String: String]) async throws -> R
    ) async throws -> R {
        let file = try SecretFile(settings.revealed, in: temporary)
        defer { withExtendedLifetime(file) {} }
        return try await body(file.path, [:])
    }

    func run(_ tool: DumpTool, stdin: Int32?, stdout: Int32?, stderr: Int32) async throws -> ToolEnding {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: DumpTool.grace)]
        var variables: [Environment.Key: String] = [:]
        for (name, value) in tool.environment { variables[Environment.Key(stringLiteral: name)] = value }
        let configuration = Configuration(
            executable: .path(FilePath(tool.path)), arguments: Arguments(tool.arguments),
            environment: .custom(variables),
            platformOptions: options)
        let errors = FileDescriptor(rawValue: stderr)
        let input = FileDescriptor(rawValue: stdin ?? -1)
        let output = FileDescriptor(rawValue: stdout ?? -1)
        let group: pid_t
        let status: TerminationStatus
        switch (stdin != nil, stdout != nil) {
        case (true, true):
            let ended = try await Subprocess.run(
                configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .fileDescriptor(output, closeAfterSpawningProcess: true),
                error: .fileDescriptor(errors, closeAfterSpawningProcess: true))
            (group, status) = (ended.processIdentifier.value, ended.terminationStatus)
        case (true, false):
            let ended = try await Subprocess.run(
                configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .discarded, error: .fileDescriptor(errors, closeAfterSpawningProcess: true))
            (group, status) = (ended.processIdentifier.value, ended.terminationStatus)
        case (false, _):
            let ended = try await Subprocess.run(
                configuration, input: .none, output: .fileDescriptor(output, closeAfterSpawningProcess: true),
                error: .fileDescriptor(errors, closeAfterSpawningProcess: true))
            (group, status) = (ended.processIdentifier.value, ended.terminationStatus)
        }
        // Children of its own that have outlived it: a wrapper's, say.
        kill(-group, SIGKILL)
        switch status {
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .signaled(signal)
        }
    }

}
