package import BackupCore
internal import Crypto
internal import FoundationEssentials

/// Reads format v1. Memory: one frame.
///
/// It can't see frames that were dropped, repeated or swapped: the SHA-256 of the stored bytes does (backup-format.md,
/// "v1").
package struct V1Opener: ByteTransform {
    private let key: SymmetricKey
    /// The frame that is arriving, its length included.
    private var pending: [UInt8] = []
    /// Bytes of the frame behind its length, once that is known and checked.
    private var frameLength: Int?
    private var frames: UInt64 = 0
    private var isAtEnd = false

    package init(key: DataKey) { self.key = key.symmetricKey }

    package var largestPiece: Int { 1 }

    package mutating func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        var rest = input
        while !rest.isEmpty {
            if isAtEnd { throw FormatError.trailingBytes }
            let wanted = frameLength ?? V1Format.lengthSize
            let taken = min(wanted - pending.count, rest.count)
            pending.append(contentsOf: rest[..<taken])
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            guard pending.count == wanted else { return }
            if frameLength == nil { try beginFrame() } else { try openFrame(&output) }
        }
    }

    package mutating func finish(into output: inout BlockWriter) throws {
        guard isAtEnd else { throw FormatError.truncated }
    }

    private mutating func beginFrame() throws(FormatError) {
        let length = pending.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        pending.removeAll(keepingCapacity: true)
        if length == 0 {
            isAtEnd = true
            return
        }
        guard length >= V1Format.shortestFrame else { throw .frameTooShort(length) }
        // Before anything of that size is held: a peer could ask for 4 GiB.
        guard length <= V1Format.longestFrame else { throw .frameTooLong(length) }
        frameLength = Int(length)
    }

    private mutating func openFrame(_ output: inout BlockWriter) throws {
        guard let box = try? AES.GCM.SealedBox(combined: pending), let piece = try? AES.GCM.open(box, using: key)
        else { throw FormatError.frameNotAuthentic(frames) }
        pending.removeAll(keepingCapacity: true)
        frameLength = nil
        frames += 1
        try piece.withUnsafeBytes { try output.write($0) }
    }
}
