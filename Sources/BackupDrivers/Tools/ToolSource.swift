internal import BackupCore
internal import Glibc
internal import Synchronization

/// A tool's stdout, which ends when the tool has ended well.
final class ToolSource: ByteSource {
    private let name: String
    private let pipe: PipeEnd
    private let exit: ToolExit
    /// What is still to be seen of the output's beginning.
    private let magic: Mutex<[UInt8]>
    private let isCancelled = Atomic(false)

    /// pg_dump writes 4 KiB at a time. Whoever reads them one by one spends more on waking up than on reading, so after a
    /// small read there is a nap, during which the pipe of 1 MiB fills.
    private static let smallRead = 128 << 10
    private static let napMicroseconds: UInt32 = 500

    init(name: String, pipe: PipeEnd, exit: ToolExit, magic: [UInt8]) {
        self.name = name
        self.pipe = pipe
        self.exit = exit
        self.magic = Mutex(magic)
    }

    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
        do {
            let count = try pipe.read(into: space)
            if count == 0 { try exit.wait() } else if count < Self.smallRead { usleep(Self.napMicroseconds) }
            try checkBeginning(UnsafeRawBufferPointer(rebasing: space[..<count]), isAtEnd: count == 0)
            return count
        } catch is CancellationError {
            // A tool that could not be started cancels the pipe, and is the better reason.
            try exit.outcome?.get()
            throw CancellationError()
        }
    }

    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
        pipe.cancel()
        exit.cancel()
    }

    private func checkBeginning(_ bytes: UnsafeRawBufferPointer, isAtEnd: Bool) throws {
        try magic.withLock { expected in
            let seen = min(expected.count, bytes.count)
            let isSame = zip(expected, bytes).allSatisfy { $0 == $1 }
            guard isSame, !(isAtEnd && !expected.isEmpty) else { throw DriverError.unexpectedDump(name) }
            expected.removeFirst(seen)
        }
    }
}
