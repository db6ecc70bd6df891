import BackupCore
import BackupFormat
import BackupTestSupport
import Testing

/// Sends bytes through a transform in pieces, as a pipeline does, and returns what comes out.
func transformed(_ bytes: [UInt8], by transform: any ByteTransform, piece: Int = 1 << 20) throws -> [UInt8] {
    var transform = transform
    var output: [UInt8] = []
    var writer = BlockWriter(blockSize: max(transform.largestPiece, 4096)) { block in
        block.withBytes { output.append(contentsOf: $0) }
    }
    try bytes.withUnsafeBytes { all in
        for start in stride(from: 0, to: all.count, by: piece) {
            try transform.update(
                UnsafeRawBufferPointer(rebasing: all[start..<min(start + piece, all.count)]), into: &writer)
        }
    }
    try transform.finish(into: &writer)
    try writer.flush()
    return output
}

/// A backup in format v2 with everything that opens it.
struct SealedExample {
    let identity = X25519Identity.random()
    let key = DataKey.random()
    let plaintext: [UInt8]
    let header: V2Header
    let file: [UInt8]

    static let chunk = 16 * 1024
    static let sealedChunk = chunk + 16
    var payload: Int { header.bytes.count + 24 + 32 }

    init(_ size: Int, run: String = "20260131-235959-k3v9qz", key: DataKey? = nil) throws {
        plaintext = StoreBytes.noise(size, seed: UInt64(size) + 1)
        let backup = BackupIdentity(
            run: run, job: nil, engine: "postgresql", engineVersion: "PostgreSQL 16.2", compression: .none,
            created: try #require(UTCTime(rfc3339: "2026-01-31T23:59:59Z")))
        header = try V2Header(identity: backup, key: key ?? self.key, recipients: [identity.recipient])
        file = try transformed(plaintext, by: V2Sealer(header: header, key: key ?? self.key))
    }

    func opened(_ bytes: [UInt8], piece: Int = 1 << 20) throws -> [UInt8] {
        try transformed(bytes, by: V2Opener(identities: [identity]), piece: piece)
    }

    /// The sealed chunks.
    var chunks: [[UInt8]] {
        stride(from: payload, to: file.count, by: Self.sealedChunk).map {
            Array(file[$0..<min($0 + Self.sealedChunk, file.count)])
        }
    }

    func file(with chunks: [[UInt8]]) -> [UInt8] { Array(file[..<payload]) + chunks.flatMap { $0 } }
}

extension StreamHash {
    static func of(_ bytes: [UInt8]) -> String {
        var hash = StreamHash()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.hex
    }
}
