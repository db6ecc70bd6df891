internal import BackupCore

/// What a tool said on stderr last.
///
/// Memory: four times ``limit`` at most, whatever the tool says.
enum LastWords {
    static let limit = 4096

    /// Reads to the end of `pipe`, or until it is cancelled and empty.
    static func collect(from pipe: PipeEnd, hiding secrets: [Secret]) -> String {
        var tail: [UInt8] = []
        var isCut = false
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 1)
        defer { space.deallocate() }
        // A failure to read what the tool says must not hide how it ended.
        while let count = try? pipe.read(into: space), count > 0 {
            tail.append(contentsOf: space[..<count])
            guard tail.count > limit else { continue }
            tail.removeFirst(tail.count - limit)
            isCut = true
        }
        if isCut { tail.removeFirst(halfOfASecret(tail, secrets)) }
        return sentence(String(decoding: tail, as: UTF8.self), hiding: secrets)
    }

    /// How much of the beginning is the end of a secret that was cut: what is left of it would not be recognised.
    private static func halfOfASecret(_ tail: [UInt8], _ secrets: [Secret]) -> Int {
        secrets.map { secret in
            let bytes = Array(secret.revealed.utf8)
            return bytes.indices.first { tail.starts(with: bytes[$0...]) }.map { bytes.count - $0 } ?? 0
        }.max() ?? 0
    }

    /// One line, without the secrets.
    static func sentence(_ text: String, hiding secrets: [Secret] = []) -> String {
        let safe = secrets.map(\.revealed).reduce(text) { $0.replacingBytes($1, with: "***") }
        return safe.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
            .filter { !$0.isEmpty }.joined(separator: "; ")
    }
}
