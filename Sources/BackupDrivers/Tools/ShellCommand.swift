internal import BackupCore
internal import Glibc

/// A command in a person's own words, run by `/bin/sh -c`: on this machine, or in a container.
///
/// It has a process group of its own, which is ended when the task is cancelled, and after its first process has ended: what
/// it leaves running in its group goes with it. Memory: that of its ``CommandTail``, and as much again.
package struct ShellCommand: Sendable {
    package struct Ending: Sendable {
        package let isSuccess: Bool
        /// `exit status 1`, `signal 9`
        package let description: String
    }

    private let text: String
    private let variables: [String: String]
    private let place: any ToolPlace

    /// - Parameters:
    ///   - container: nil for this machine.
    ///   - environment: of this process; the command gets the harmless part of it.
    ///   - variables: for the command alone.
    package init(
        _ text: String, in container: ContainerReference?, environment: [String: String], variables: [String: String]
    ) {
        self.text = text
        self.variables = variables
        place = container.map { ContainerTools($0) } ?? LocalTools(environment: environment)
    }

    /// - Parameter tail: gets what the command says, complete when this returns or throws.
    /// - Throws: ``DriverError`` where it could not be started; `CancellationError` once it was stopped.
    package func run(keeping tail: CommandTail) async throws -> Ending {
        let environment = place.environment(prefixes: []).merging(variables) { $1 }
        let tool = DumpTool("sh", path: "/bin/sh", arguments: ["-c", text], environment: environment, in: place)
        let (pipe, stdout) = try PipeEnd.make(reads: true)
        let stderr = fcntl(stdout, F_DUPFD_CLOEXEC, 0)
        guard stderr >= 0 else {
            let failure = errno
            close(stdout)
            throw CoreError.systemCall("fcntl", on: "a command's output", errno: failure)
        }
        async let output = BlockingThread.run("output") { Self.read(pipe, into: tail) }
        let ending: ToolEnding
        do {
            ending = try await place.run(tool, stdin: nil, stdout: stdout, stderr: stderr)
        } catch {
            pipe.cancel()
            try await output
            throw Task.isCancelled ? CancellationError() : error
        }
        // What it has said is in the pipe by now; a process that has left its group might hold it open for ever.
        pipe.cancel()
        try await output
        // However it ended, it ended because it was stopped.
        if !ending.isSuccess { try Task.checkCancellation() }
        return Ending(isSuccess: ending.isSuccess, description: ending.description)
    }

    private static func read(_ pipe: PipeEnd, into tail: CommandTail) {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: CommandTail.limit, alignment: 1)
        defer { space.deallocate() }
        // Ends with the pipe, or once it is cancelled and empty. A failure to read must not hide how the command ended.
        while let count = try? pipe.read(into: space), count > 0 { tail.append(space[..<count]) }
    }
}
