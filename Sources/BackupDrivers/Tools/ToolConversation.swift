internal import BackupCore
internal import Synchronization

/// Both ends of a tool that answers what it is told, line by line: a database's own shell. For one blocking thread.
///
/// Memory: one line, at most ``longestLine``.
final class ToolConversation: Sendable {
    static let longestLine = 16 << 20

    private let name: String
    private let input: PipeEnd
    private let output: PipeEnd
    private let exit: ToolExit
    /// What was read and is not yet a line.
    private let rest = Mutex<[UInt8]>([])

    init(name: String, input: PipeEnd, output: PipeEnd, exit: ToolExit) {
        self.name = name
        self.input = input
        self.output = output
        self.exit = exit
    }

    /// - Throws: how the tool ended, when it has.
    func say(_ text: String) throws {
        do {
            try Array(text.utf8).withUnsafeBytes { try input.write($0) }
        } catch is PipeEnd.ReaderGone {
            throw try ending()
        } catch is CancellationError {
            try exit.outcome?.get()
            throw CancellationError()
        }
    }

    /// The next line, without its end.
    /// - Throws: how the tool ended, when it has; `PipeEnd.Silence`.
    /// - Parameter terminator: what ends a line.
    func line(until deadline: ContinuousClock.Instant, endingWith terminator: UInt8 = 0x0a) throws -> String {
        try rest.withLock { rest in
            var searched = 0
            while true {
                if let end = rest[searched...].firstIndex(of: terminator) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    rest.removeSubrange(...end)
                    return line
                }
                searched = rest.count
                guard rest.count < Self.longestLine else { throw DriverError.unexpectedDump(name) }
                try read(into: &rest, until: deadline)
            }
        }
    }

    private func read(into rest: inout [UInt8], until deadline: ContinuousClock.Instant) throws {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        do {
            let count = try piece.withUnsafeMutableBytes { try output.read(into: $0, until: deadline) }
            guard count > 0 else { throw try ending() }
            rest += piece[..<count]
        } catch is CancellationError {
            try exit.outcome?.get()
            throw CancellationError()
        }
    }

    /// Why it says nothing more.
    private func ending() throws -> DriverError {
        try exit.wait()
        return .toolFailed(name, ending: "exit status 0", words: "it ended before it was told to")
    }
}
