internal import BackupCore
internal import Glibc

/// One call of a database's own tool: an argv, never a shell.
///
/// The tool has a process group of its own. It is ended (SIGTERM to the group, SIGKILL after ``grace``) and reaped
/// before a method of this type returns, on every path. When Backupy itself is killed, the tool meets a closed pipe.
struct DumpTool: Sendable {
    /// How long a tool may take to end in order: pg_dump tells the server to cancel its query first.
    static let grace = Duration.seconds(5)

    /// For messages: `pg_dump`.
    let name: String
    /// As its place knows it: absolute on this machine.
    let path: String
    let arguments: [String]
    /// All of it: what isn't here the tool doesn't get.
    let environment: [String: String]
    /// Removed from what the tool says.
    let secrets: [Secret]
    let place: any ToolPlace

    init(
        _ name: String, path: String, arguments: [String], environment: [String: String] = [:], secrets: [Secret] = [],
        in place: any ToolPlace
    ) {
        self.name = name
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.secrets = secrets
        self.place = place
    }

    /// Runs the tool and gives its stdout to `body`.
    ///
    /// The source reports its end only once the tool has ended with status 0: pg_dump can write a plausible archive and
    /// still fail.
    /// - Parameter magic: what the output must begin with.
    func read<R: Sendable>(magic: [UInt8] = [], _ body: @Sendable (any ByteSource) async throws -> R) async throws -> R
    {
        let (pipe, theirs) = try PipeEnd.make(reads: true)
        let exit = ToolExit()
        let source = ToolSource(name: name, pipe: pipe, exit: exit, magic: magic)
        return try await running(exit, pipes: [pipe], stdin: nil, stdout: theirs) {
            let value = try await body(source)
            // Whoever stops early doesn't leave the tool waiting for a reader.
            pipe.close()
            return value
        }
    }

    /// Runs the tool and gives its stdin to `body`; returns after both have ended well.
    ///
    /// The tool sees the last bytes only after `body` has returned, so it can't finish what `body` then refuses.
    func write<R: Sendable>(
        end: RestoreEnd, _ body: @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        let (pipe, theirs) = try PipeEnd.make(reads: false)
        let exit = ToolExit()
        let sink = ToolSink(name: name, pipe: pipe, exit: exit, end: end)
        return try await running(exit, pipes: [pipe], stdin: theirs, stdout: nil) {
            let value = try await body(sink)
            try await BlockingThread.run("restore") { try sink.finish() }
            return value
        }
    }

    /// Runs the tool and gives both its ends to `body`; returns after both have ended well. The tool is told of the end
    /// when `body` returns.
    func converse<R: Sendable>(_ body: @Sendable (ToolConversation) async throws -> R) async throws -> R {
        try await withBothEnds { input, output, exit in
            let value = try await body(ToolConversation(name: name, input: input, output: output, exit: exit))
            input.close()
            return value
        }
    }

    /// The same, as a sink and a source; `body` finishes the sink.
    func filter<R: Sendable>(
        end: RestoreEnd, _ body: @Sendable (ToolSink, ToolSource) async throws -> R
    ) async throws -> R {
        try await withBothEnds { input, output, exit in
            try await body(
                ToolSink(name: name, pipe: input, exit: exit, end: end),
                ToolSource(name: name, pipe: output, exit: exit, magic: []))
        }
    }

    private func withBothEnds<R>(_ body: (PipeEnd, PipeEnd, ToolExit) async throws -> R) async throws -> R {
        let (input, theirInput) = try PipeEnd.make(reads: false)
        let (output, theirOutput): (PipeEnd, Int32)
        do { (output, theirOutput) = try PipeEnd.make(reads: true) } catch {
            close(theirInput)
            throw error
        }
        let exit = ToolExit()
        return try await running(exit, pipes: [input, output], stdin: theirInput, stdout: theirOutput) {
            try await body(input, output, exit)
        }
    }

    /// What the tool prints, up to 64 KiB: for `--version`.
    func output() async throws -> String {
        try await read { source in
            try await BlockingThread.run("tool") {
                var bytes = [UInt8](repeating: 0, count: 64 << 10)
                var count = 0
                while count < bytes.count {
                    let free = count..<bytes.count
                    let read = try bytes.withUnsafeMutableBytes { space in
                        try source.read(into: UnsafeMutableRawBufferPointer(rebasing: space[free]))
                    }
                    if read == 0 { break }
                    count += read
                }
                return String(decoding: bytes[..<count], as: UTF8.self)
            }
        }
    }

    private func running<R>(
        _ exit: ToolExit, pipes: [PipeEnd], stdin: Int32?, stdout: Int32?, _ body: () async throws -> R
    ) async throws -> R {
        async let supervised: Void = supervise(exit, pipes: pipes, stdin: stdin, stdout: stdout)
        do {
            let value = try await withTaskCancellationHandler {
                try await body()
            } onCancel: {
                exit.cancel()
                for pipe in pipes { pipe.cancel() }
            }
            await supervised
            try exit.outcome?.get()
            return value
        } catch is DriverError where Task.isCancelled {
            // Whatever the tool said, it said because it was ended.
            throw CancellationError()
        }
        // Leaving with an error cancels `supervised`, which ends the tool, and waits for it.
    }

    /// Runs the tool to its end, which `exit` is told of.
    private func supervise(_ exit: ToolExit, pipes: [PipeEnd], stdin: Int32?, stdout: Int32?) async {
        do {
            let errors: PipeEnd
            let theirs: Int32
            do {
                (errors, theirs) = try PipeEnd.make(reads: true)
            } catch {
                for descriptor in [stdin, stdout].compactMap({ $0 }) { close(descriptor) }
                throw error
            }
            let secrets = secrets
            async let words = BlockingThread.run("stderr") { LastWords.collect(from: errors, hiding: secrets) }
            let ending: ToolEnding
            do {
                ending = try await place.run(self, stdin: stdin, stdout: stdout, stderr: theirs)
            } catch {
                errors.cancel()
                throw error
            }
            // What the tool has said is in the pipe by now; a child of its own might hold it open for ever.
            errors.cancel()
            let said = try await words
            exit.set(
                ending.isSuccess ? .success(()) : .failure(.toolFailed(name, ending: ending.description, words: said)))
            // Nobody reads a restore's pipe any more, and what a failed tool's pipe still holds is worth nothing.
            if stdin != nil || !ending.isSuccess { for pipe in pipes { pipe.cancel() } }
        } catch {
            let reason = LastWords.sentence((error as? any BackupError)?.message ?? "\(error)", hiding: secrets)
            exit.set(.failure(error as? DriverError ?? .toolNotStarted(name, reason: reason)))
            for pipe in pipes { pipe.cancel() }
        }
    }
}
