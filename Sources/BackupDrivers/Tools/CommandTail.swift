internal import Synchronization

/// The last bytes of what a command writes, stdout and stderr together: also those of one that was stopped.
///
/// Secrets are still in it. Memory: twice ``limit``.
package final class CommandTail: Sendable {
    package static let limit = 16 << 10

    private let tail = Mutex<[UInt8]>([])

    package init() {}

    package var bytes: [UInt8] { tail.withLock { $0 } }

    func append(_ bytes: UnsafeMutableRawBufferPointer.SubSequence) {
        tail.withLock { tail in
            tail.append(contentsOf: bytes)
            if tail.count > Self.limit { tail.removeFirst(tail.count - Self.limit) }
        }
    }
}
