internal import BackupCore
internal import Glibc

enum Terminal {
    static func printError(_ text: String) {
        // Text from a file must not steer the terminal.
        write(VisibleText.of(text, keepingLines: true) + "\n")
    }

    static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}

/// stdout, for `--out -`.
struct StandardOutput: ByteSink {
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw CoreError.systemCall("write", on: "stdout", errno: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    // The only thread of the process writes; there is nobody who could cancel it.
    func cancel() {}
}

/// One line on the terminal, five times a second: bytes, rate, time left. Nothing when stderr is not a terminal.
final class TerminalProgress {
    private let total: UInt64?
    private let isShown: Bool
    private let started = ContinuousClock.now
    private var shownAt = ContinuousClock.now
    private var count: UInt64 = 0

    init(total: UInt64?, isShown: Bool) {
        self.total = total
        self.isShown = isShown && isatty(STDERR_FILENO) == 1
    }

    func add(_ bytes: Int) {
        count += UInt64(clamping: bytes)
        guard isShown, .now - shownAt > .milliseconds(200) else { return }
        shownAt = .now
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let rate = Double(count) / seconds
        let left = total.map { " · \(Int((Double($0) - Double(count)) / rate)) s left" } ?? ""
        Terminal.write("\r\(count / 1_000_000) MB · \(Int(rate / 1_000_000)) MB/s\(left)\u{1B}[K")
    }

    func end() { if isShown { Terminal.write("\r\u{1B}[K") } }
}

/// Ctrl-C and SIGTERM: the unfinished file goes, and the process ends as the signal would have ended it.
enum Interruptions {
    nonisolated(unsafe) private static var undo: (@Sendable () -> Void)?

    static func onInterruption(_ undo: @escaping @Sendable () -> Void) {
        self.undo = undo
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        // Blocked before the thread exists, which waits for them: a handler could do next to nothing.
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var thread = pthread_t()
        pthread_create(&thread, nil, { _ in Interruptions.wait() }, nil)
    }

    private static func wait() -> UnsafeMutableRawPointer? {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        undo?()
        _exit(128 + number)
    }
}
