internal import Crypto
internal import FoundationEssentials

/// C2SP chunked-encryption, instance Cobblestone-256: chunks of 16 KiB under AES-256-GCM, the last one always shorter.
struct Cobblestone {
    static let chunkSize = 16 * 1024
    static let tagSize = 16
    static let sealedChunkSize = chunkSize + tagSize
    static let saltSize = 24
    static let commitmentSize = 32
    static let preambleSize = saltSize + commitmentSize
    static let largestChunkCount: UInt64 = 1 << 38

    let commitment: [UInt8]
    private let key: SymmetricKey
    private let baseNonce: [UInt8]

    init(key: DataKey, salt: [UInt8], context: [UInt8]) {
        let info = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0] + salt + context
        let output = HKDF<SHA512>.expand(pseudoRandomKey: key.symmetricKey, info: info, outputByteCount: 32 + 12 + 32)
        (self.key, baseNonce, commitment) = output.withUnsafeBytes { bytes in
            (SymmetricKey(data: bytes[..<32]), Array(bytes[32..<44]), Array(bytes[44...]))
        }
    }

    /// Seals one chunk into `output`, which has room for it and its tag.
    func seal(_ chunk: UnsafeRawBufferPointer, number: UInt64, into output: UnsafeMutableRawBufferPointer) throws {
        let box = try AES.GCM.seal(chunk, using: key, nonce: nonce(number))
        box.ciphertext.withUnsafeBytes { output.copyMemory(from: $0) }
        box.tag.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: output[chunk.count...]).copyMemory(from: $0) }
    }

    /// Opens one sealed chunk of at least a tag's size into `output`; returns the number of bytes.
    func open(
        _ sealed: UnsafeRawBufferPointer, number: UInt64, into output: UnsafeMutableRawBufferPointer
    ) throws(FormatError) -> Int {
        let size = sealed.count - Self.tagSize
        do {
            let box = try AES.GCM.SealedBox(
                nonce: nonce(number), ciphertext: UnsafeRawBufferPointer(rebasing: sealed[..<size]),
                tag: UnsafeRawBufferPointer(rebasing: sealed[size...]))
            let chunk = try AES.GCM.open(box, using: key)
            chunk.withUnsafeBytes { output.copyMemory(from: $0) }
            return size
        } catch {
            throw .chunkNotAuthentic(number)
        }
    }

    private func nonce(_ number: UInt64) throws -> AES.GCM.Nonce {
        var bytes = baseNonce
        for index in 0..<8 { bytes[11 - index] ^= UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
        return try AES.GCM.Nonce(data: bytes)
    }
}
