internal import BackupCore

/// What a tool said on stderr last.
///
/// Memory: twice ``limit`` at most, whatever the tool says.
enum LastWords {
    static let limit = 4096

    /// Reads to the end of `pipe`, or until it is cancelled and empty.
    static func collect(from pipe: PipeEnd, hiding secrets: [Secret]) -> String {
        var tail: [UInt8] = []
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 1)
        defer { space.deallocate() }
        // A failure to read what the tool says must not hide how it ended.
        while let count = try? pipe.read(into: space), count > 0 {
            tail.append(contentsOf: space[..<count])
            if tail.count > limit { tail.removeFirst(tail.count - limit) }
        }
        return sentence(String(decoding: tail, as: UTF8.self), hiding: secrets)
    }

    /// One line, without the secrets.
    static func sentence(_ text: String, hiding secrets: [Secret] = []) -> String {
        let safe = secrets.map(\.revealed).filter { !$0.isEmpty }.reduce(text) { $0.replacing($1, with: "***") }
        return safe.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
            .filter { !$0.isEmpty }.joined(separator: "; ")
    }
}
