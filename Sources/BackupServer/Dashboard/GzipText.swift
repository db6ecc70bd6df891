internal import BackupCore
internal import BackupFormat
internal import HTTPTypes

/// Texts as a browser takes them: compressed, if it can read that.
///
/// Pages have a token beside what the address said, and the length of a compressed page tells something of both (BREACH). Whoever
/// would measure it from another site has no session: its cookie is SameSite=Strict.
enum GzipText {
    static func isTaken(_ headers: HTTPFields) -> Bool {
        (headers[.acceptEncoding] ?? "").split(separator: ",").contains { coding in
            let parts = coding.lowercased().filter { $0 != " " }.split(separator: ";")
            return parts.first == "gzip"
                && !["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(parts.last.map(String.init) ?? "")
        }
    }

    static func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
        var result: [UInt8] = []
        let compressor = try GzipCompressor(level: 6)
        var writer = BlockWriter(blockSize: 64 << 10) { block in block.withBytes { result.append(contentsOf: $0) } }
        try bytes.withUnsafeBytes { try compressor.update($0, into: &writer) }
        try compressor.finish(into: &writer)
        try writer.flush()
        return result
    }
}
