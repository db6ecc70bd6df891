internal import BackupAgent
internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// The two outputs of the commands beside `run`, which logs.
enum Console {
    static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

    static func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Settings have a line each: whoever corrects one sees all.
    static func printError(_ error: any BackupError) {
        if case AgentError.settings(let problems) = error {
            for problem in problems { write("error: \(problem)", to: STDERR_FILENO) }
        } else {
            write("error: \(error.message)\n  \(error.hint)", to: STDERR_FILENO)
        }
    }

    /// An output that nobody reads any more is no reason to end.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array((text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
