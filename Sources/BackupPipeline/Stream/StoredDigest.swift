internal import BackupFormat
internal import Crypto

/// What is known of the stored bytes once the last of them has passed: their number, their hash, and both their ends.
package struct StoredDigest: Sendable, Equatable {
    package var size: UInt64 = 0
    /// SHA-256, lower-case hex.
    package var sha256 = ""
    /// The first and the last ``endBytes`` bytes (fewer when there are fewer), to compare with what the store gives
    /// back.
    package var head: [UInt8] = []
    package var tail: [UInt8] = []

    package static let endBytes = 64 * 1024
}

/// Sees the stored bytes pass. Memory: twice ``StoredDigest/endBytes`` and a block.
struct DigestBuilder {
    private var hash = SHA256()
    private var digest = StoredDigest()

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
        digest.size += UInt64(bytes.count)
        let missing = StoredDigest.endBytes - digest.head.count
        if missing > 0 { digest.head.append(contentsOf: bytes.prefix(missing)) }
        digest.tail.append(contentsOf: bytes.suffix(StoredDigest.endBytes))
        let surplus = digest.tail.count - StoredDigest.endBytes
        if surplus > 0 { digest.tail.removeFirst(surplus) }
    }

    func finish() -> StoredDigest {
        var result = digest
        result.sha256 = hash.finalize().lowerCaseHex
        return result
    }
}
