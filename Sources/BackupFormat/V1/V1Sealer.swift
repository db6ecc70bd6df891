package import BackupCore
internal import Crypto
internal import FoundationEssentials

/// Writes format v1. Memory: one piece of 1 MiB.
package struct V1Sealer: ByteTransform {
    private let key: SymmetricKey
    private var nextNonce: () -> [UInt8]
    private var pending: [UInt8] = []

    package init(key: DataKey) {
        self.init(key: key) { Array(AES.GCM.Nonce()) }
    }

    /// With given nonces of 12 bytes: for test vectors only. A nonce that repeats under one key gives the key away.
    package init(key: DataKey, nextNonce: @escaping () -> [UInt8]) {
        self.key = key.symmetricKey
        self.nextNonce = nextNonce
        pending.reserveCapacity(V1Format.pieceSize)
    }

    package var largestPiece: Int { 1 }

    package mutating func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        var rest = input
        while !rest.isEmpty {
            let taken = min(V1Format.pieceSize - pending.count, rest.count)
            pending.append(contentsOf: rest[..<taken])
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            if pending.count == V1Format.pieceSize { try seal(&output) }
        }
    }

    package mutating func finish(into output: inout BlockWriter) throws {
        if !pending.isEmpty { try seal(&output) }
        try output.write(V1Format.bigEndian(0))
    }

    private mutating func seal(_ output: inout BlockWriter) throws {
        let box = try AES.GCM.seal(pending, using: key, nonce: AES.GCM.Nonce(data: nextNonce()))
        pending.removeAll(keepingCapacity: true)
        let length = V1Format.nonceSize + box.ciphertext.count + V1Format.tagSize
        try output.write(V1Format.bigEndian(UInt32(length)))
        try output.write(Array(box.nonce))
        try box.ciphertext.withUnsafeBytes { try output.write($0) }
        try box.tag.withUnsafeBytes { try output.write($0) }
    }
}
