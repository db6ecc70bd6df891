internal import BackupCore
internal import Synchronization

/// A tool's stdin. The last bytes are held back until ``finish()``.
///
/// A restore tool may commit as soon as it has read what it needs, before the pipe is closed. Without the last bytes
/// it can't, and by then all bytes have been proven.
final class ToolSink: ByteSink {
    /// Less than the end mark of any dump's last item would do; this is the size of a line.
    static let heldBack = 64

    private let name: String
    private let pipe: PipeEnd
    private let exit: ToolExit
    private let rest = Mutex<[UInt8]>([])
    private let end: RestoreEnd

    init(name: String, pipe: PipeEnd, exit: ToolExit, end: RestoreEnd) {
        self.name = name
        self.pipe = pipe
        self.exit = exit
        self.end = end
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try rest.withLock { rest in
            guard rest.count + bytes.count > Self.heldBack else { return rest.append(contentsOf: bytes) }
            let kept = min(bytes.count, Self.heldBack)
            let old = rest.prefix(max(0, rest.count + kept - Self.heldBack))
            try old.withUnsafeBytes { try pass($0) }
            rest.removeFirst(old.count)
            try pass(UnsafeRawBufferPointer(rebasing: bytes.dropLast(kept)))
            rest.append(contentsOf: bytes.suffix(kept))
        }
    }

    /// Gives the tool the last bytes and the end of them. For a thread.
    func finish() throws {
        end.reach()
        try rest.withLock { rest in
            try rest.withUnsafeBytes { try pass($0) }
            rest = []
        }
        pipe.close()
    }

    func cancel() {
        pipe.cancel()
        exit.cancel()
    }

    private func pass(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            try pipe.write(bytes)
        } catch is PipeEnd.ReaderGone {
            // It has ended or is about to, and its status and words say why.
            try exit.wait()
            throw DriverError.toolFailed(name, ending: "exit status 0", words: "it did not read all of the dump")
        } catch is CancellationError {
            try exit.outcome?.get()
            throw CancellationError()
        }
    }
}

/// Whether a restore tool was given the end of the dump. Before that it can't have committed anything.
final class RestoreEnd: Sendable {
    private let value = Atomic(false)
    var isReached: Bool { value.load(ordering: .relaxed) }
    fileprivate func reach() { value.store(true, ordering: .relaxed) }
}
