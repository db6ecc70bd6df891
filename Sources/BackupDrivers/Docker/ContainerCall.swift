internal import BackupCore
internal import Glibc
internal import Synchronization

/// One program that runs in a container, with pipes of ours at its ends.
final class ContainerCall: Sendable {
    /// What is read from the engine at once. Its frames are of 32 KiB and less.
    static let blockSize = 1 << 20
    /// Tells its process id, which outside of the container nobody knows, and becomes the program. The program and its
    /// arguments are the script's arguments, so none of them is ever a part of a command. Docker starts it as the leader of a
    /// session and so of a group. Settings come as a variable, and become a file that only the program has; what a variable
    /// expands to is not expanded again.
    private static let script = """
        echo "$$" >&2
        if [ "${\(ContainerTools.settingsVariable)+set}" ]; then
        exec 3<<X
        $\(ContainerTools.settingsVariable)
        X
        unset \(ContainerTools.settingsVariable)
        fi
        exec "$@"
        """

    private let exec: DockerExec
    private let tool: DumpTool
    private let input: PipeEnd?
    private let output: PipeEnd?
    private let errors: PipeEnd
    private let state = Mutex(State())
    private let frames = Mutex(DockerFrames())

    /// How long a program that is to end may take to say its process id.
    private static let patience = Duration.seconds(5)

    private struct State {
        var id: String?
        var connection: DockerConnection?
        /// What of the stream came with the answer's head, and is not looked at yet.
        var beginning: [UInt8] = []
        /// Of the program, inside of the container.
        var process: Int?
        var isCancelled = false
    }

    /// Takes the descriptors over, also when it throws.
    init(_ exec: DockerExec, _ tool: DumpTool, stdin: Int32?, stdout: Int32?, stderr: Int32) throws(CoreError) {
        self.exec = exec
        self.tool = tool
        input = try stdin.map { descriptor throws(CoreError) in try PipeEnd.adopting(descriptor) }
        output = try stdout.map { descriptor throws(CoreError) in try PipeEnd.adopting(descriptor) }
        errors = try PipeEnd.adopting(stderr)
    }

    /// - Throws: ``DriverError``; `CancellationError` once cancelled, and then the program may still run (``end()``).
    func run() async throws -> ToolEnding {
        let connection = try await BlockingThread.run("docker") { try self.start() }
        async let fed: Void = feed(connection)
        do {
            try await BlockingThread.run("docker") { try self.receive(from: connection) }
        } catch {
            // Leaving waits for `fed`, which may be waiting for the engine or for what comes from us.
            input?.cancel()
            connection.cancel()
            throw error
        }
        // The program has closed its ends; what it was to be fed is of no use any more.
        input?.cancel()
        await fed
        output?.close()
        errors.close()
        return try await BlockingThread.run("docker") { try self.ending() }
    }

    func cancel() {
        let connection = state.withLock { state in
            state.isCancelled = true
            return state.connection
        }
        connection?.cancel()
        for pipe in [input, output, errors] { pipe?.cancel() }
    }

    /// Ends the program, and waits until it has.
    func end() async {
        // What can't be done here can't be helped: the engine is gone, and the program with it, or it has ended.
        try? await BlockingThread.run("docker") { try self.endProgram() }
        output?.close()
        errors.close()
    }

    // MARK: On threads

    private func start() throws -> DockerConnection {
        let command = ["/bin/sh", "-c", Self.script, "sh", tool.path] + tool.arguments
        let id = try exec.create(command, environment: tool.environment, withInput: input != nil)
        let isTooLate = state.withLock { state in
            state.id = id
            return state.isCancelled
        }
        if isTooLate { throw CancellationError() }
        let (connection, beginning) = try exec.start(id)
        let isCancelled = state.withLock { state in
            (state.connection, state.beginning) = (connection, beginning)
            return state.isCancelled
        }
        if isCancelled { throw CancellationError() }
        if input == nil { connection.endOutput() }
        return connection
    }

    /// Passes our pipe on to the program's stdin. A program that doesn't want to read any more is no failure here.
    private func feed(_ connection: DockerConnection) async {
        guard let input else { return }
        try? await BlockingThread.run("docker-in") {
            defer { connection.endOutput() }
            let space = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockSize, alignment: 4096)
            defer { space.deallocate() }
            while case let count = try input.read(into: space), count > 0 {
                try connection.output.write(UnsafeRawBufferPointer(rebasing: space[..<count]))
            }
        }
    }

    /// Takes the frames apart: 1 is stdout, 2 is stderr (Docker Engine API, "Attach to a container", "Stream format").
    private func receive(from connection: DockerConnection) throws {
        try readFrames(of: connection.input, pass)
        guard frames.withLock({ $0.isAtBorder }) else { throw DriverError.dockerFailed("its stream was cut short") }
    }

    /// Up to the stream's end; or, with a deadline, until the process id is known.
    private func readFrames(
        of input: PipeEnd, until deadline: ContinuousClock.Instant? = nil,
        _ pass: (DockerFrames.Stream, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockSize, alignment: 4096)
        defer { space.deallocate() }
        let beginning = state.withLock { state in
            defer { state.beginning = [] }
            return state.beginning
        }
        try beginning.withUnsafeBytes { bytes in try frames.withLock { try $0.take(bytes, pass) } }
        while deadline.map({ .now < $0 && !isFirstLineComplete }) ?? true {
            let count = try input.read(into: space, until: deadline)
            guard count > 0 else { return }
            try frames.withLock { try $0.take(UnsafeRawBufferPointer(rebasing: space[..<count]), pass) }
        }
    }

    /// Of stderr, until it is complete.
    private let firstLine = Mutex<[UInt8]?>([])
    private var isFirstLineComplete: Bool { firstLine.withLock { $0 == nil } }

    private func pass(_ stream: DockerFrames.Stream, _ bytes: UnsafeRawBufferPointer) throws {
        let (pipe, start) = stream == .output ? (output, 0) : (errors, beginningOfWords(in: bytes))
        // Whoever doesn't want the output may still want to know how it ended.
        do { try pipe?.write(UnsafeRawBufferPointer(rebasing: bytes[start...])) } catch is PipeEnd.ReaderGone {}
    }

    /// Where the program's own words begin: the script's line before them is the process id.
    private func beginningOfWords(in bytes: UnsafeRawBufferPointer) -> Int {
        let end = bytes.firstIndex(of: 0x0a)
        let count = bytes.count
        let part = Array(bytes[..<(end ?? count)].prefix(32))
        return firstLine.withLock { line in
            guard let seen = line else { return 0 }
            line = end == nil ? Array((seen + part).prefix(32)) : nil
            guard let end else { return count }
            let process = Int(String(decoding: seen + part, as: UTF8.self))
            state.withLock { $0.process = process.flatMap { $0 > 1 ? $0 : nil } }
            return end + 1
        }
    }

    /// The stream ends a little before the engine knows the status.
    private func ending() throws -> ToolEnding {
        let deadline = ContinuousClock.now + .seconds(30)
        while .now < deadline {
            guard let id = state.withLock({ $0.isCancelled ? nil : $0.id }) else { throw CancellationError() }
            let status = try exec.status(of: id)
            if !status.running, let code = status.exitCode { return try ending(code) }
            usleep(20_000)
        }
        throw DriverError.dockerFailed("\(tool.name) has closed its output and goes on")
    }

    private func ending(_ code: Int) throws -> ToolEnding {
        // The shell's own: the program can't be executed, or is not there.
        if code == 126 || code == 127 {
            throw DriverError.toolNotFound("\(tool.name) (in container '\(exec.container.name)')")
        }
        return .exited(Int32(clamping: code))
    }

    private func endProgram() throws {
        guard let id = state.withLock({ $0.id }) else { return }
        let process = try processOfProgram()
        for (signal, patience) in [("TERM", DumpTool.grace), ("KILL", .seconds(10))] {
            guard try exec.status(of: id).running, let process else { return }
            try exec.signal(signal, group: process)
            let deadline = ContinuousClock.now + patience
            while .now < deadline {
                guard try exec.status(of: id).running else { return }
                usleep(20_000)
            }
        }
    }

    /// nil where it has never begun, or does not say its id in time.
    private func processOfProgram() throws -> Int? {
        let (process, connection) = state.withLock { ($0.process, $0.connection) }
        guard process == nil, let connection else { return process }
        // The cancel came before the id, and has ended that reading. Without the id the program would go on.
        do {
            try readFrames(of: try connection.anotherInput(), until: .now + Self.patience) { stream, bytes in
                if stream == .errors { _ = beginningOfWords(in: bytes) }
            }
        } catch is PipeEnd.Silence {
            return nil
        }
        return state.withLock { $0.process }
    }
}
