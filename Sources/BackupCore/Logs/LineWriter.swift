internal import Glibc
internal import Synchronization

/// Writes lines to a descriptor that others share, and never waits long for who reads it.
///
/// A line of up to 4 KiB is one write(2), so the lines of several processes don't mix (pipe(7), PIPE_BUF). Logs are not worth
/// a backup: what the reader doesn't take is dropped.
package final class LineWriter: Sendable {
    /// How long the first line waits for a reader that has stopped; those after it don't wait until it goes on.
    package static let patience: Int32 = 200
    private static let pieceSize = 4096

    private struct State {
        var isStalled = false
        /// A line was cut: the next one needs a line break before it.
        var isInsideLine = false
        var dropped: UInt64 = 0
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// - Parameter descriptor: stays the caller's.
    package init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

    /// How many lines the reader has not got, or not wholly.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    package func write(_ line: String) {
        state.withLock { state in
            let bytes = Array(((state.isInsideLine ? "\n" : "") + line).utf8)
            let written = withoutBrokenPipeSignal { write(bytes, patience: state.isStalled ? 0 : Self.patience) }
            if written > 0 { state.isInsideLine = written < bytes.count }
            state.isStalled = written < bytes.count
            if state.isStalled { state.dropped += 1 }
        }
    }

    /// How much of `bytes` was taken.
    private func write(_ bytes: [UInt8], patience: Int32) -> Int {
        var done = 0
        while done < bytes.count {
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = Glibc.poll(&poll, 1, patience)
            if ready < 0, errno == EINTR { continue }
            // A pipe that is ready has room for PIPE_BUF, so the write doesn't block.
            guard ready == 1, poll.revents & Int16(POLLOUT) != 0, poll.revents & Int16(POLLERR) == 0 else { break }
            let piece = bytes[done..<min(done + Self.pieceSize, bytes.count)]
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    /// The reader may go between poll(2) and write(2), and its signal would end the process. Ignoring the signal for the
    /// process would pass on to children.
    private func withoutBrokenPipeSignal<R>(_ body: () -> R) -> R {
        var broken = sigset_t()
        var before = sigset_t()
        var pending = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1
        pthread_sigmask(SIG_BLOCK, &broken, &before)
        let result = body()
        if !wasPending {
            var none = timespec()
            while sigtimedwait(&broken, nil, &none) < 0, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
    }
}
