internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// The two outputs of the process. Whole lines, so that nothing is mixed up within one.
enum Console {
    /// Prints a result. A full disk behind stdout must not look like success: a key or a listing would be lost.
    /// - Throws: ``CommandError/unwritableResult(errno:)``.
    static func print(_ text: String, terminator: String = "\n") throws(CommandError) {
        let failure = write(text, to: STDOUT_FILENO, terminator: terminator)
        guard failure == 0 else { throw .unwritableResult(errno: failure) }
    }

    /// Prints a result for people. What is in a line may be from a manifest or a store, and steers nothing.
    static func print(lines: [String]) throws(CommandError) {
        try print(lines.map { VisibleText.of($0) }.joined(separator: "\n"))
    }

    /// Prints a result for machines: one JSON document with snake_case names, sorted, dates as RFC 3339.
    static func print(json value: some Encodable) throws { try print(try jsonText(value)) }

    /// Says something on stderr. Where that can't be written to, there is nobody to tell.
    static func printError(_ text: String) { _ = write(text, to: STDERR_FILENO, terminator: "\n") }

    /// Writes a piece of a line that shows progress.
    static func show(_ text: String) { _ = write(text, to: STDERR_FILENO, terminator: "") }

    static func jsonText(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Whether what is written to `descriptor` may be coloured: a terminal, and no NO_COLOR (no-color.org).
    static func hasColour(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// Returns 0, or the error number of write(2).
    private static func write(_ text: String, to descriptor: Int32, terminator: String) -> Int32 {
        var bytes = Array((text + terminator).utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return errno }
            bytes = bytes.dropFirst(written)
        }
        return 0
    }
}
