internal import BackupCore
internal import Glibc

/// Questions to the person at the terminal, past any redirection of stdin and stdout.
enum TerminalQuestion {
    private static let longestAnswer = 1024

    /// - Throws: ``UsageError/noTerminal(_:)`` without a terminal.
    static func ask(_ question: String) throws -> String { try ask(question, echoes: true) }

    /// What is typed is not shown.
    static func askSecret(_ question: String) throws -> Secret { Secret(try ask(question, echoes: false)) }

    /// Only a `y` or `yes` means yes.
    static func confirm(_ question: String) throws -> Bool {
        ["y", "yes"].contains(try ask("\(question) [y/N] ").lowercased())
    }

    private static func ask(_ question: String, echoes: Bool) throws -> String {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { throw UsageError.noTerminal(question) }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { throw UsageError.noTerminal(question) }
        if !echoes {
            var quiet = before
            quiet.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(terminal, TCSAFLUSH, &quiet)
        }
        defer {
            if !echoes {
                tcsetattr(terminal, TCSAFLUSH, &before)
                say("\n", on: terminal)
            }
        }
        say(question, on: terminal)
        return try line(from: terminal, question)
    }

    private static func line(from terminal: Int32, _ question: String) throws -> String {
        var bytes: [UInt8] = []
        while bytes.count < longestAnswer {
            var byte: UInt8 = 0
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw UsageError.noTerminal(question) }
            if byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func say(_ text: String, on terminal: Int32) {
        let bytes = Array(text.utf8)
        // Where it can't be written, nobody answers either.
        _ = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
    }
}
