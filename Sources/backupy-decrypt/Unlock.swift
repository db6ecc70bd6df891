internal import BackupCore
internal import BackupFormat

/// What opens the backup.
enum Unlock {
    case token(DecryptionToken, verifiesHash: Bool)
    case identities([any Identity])

    /// Reads all of `source`, and writes what is inside to `sink`. `sink` is not told of the end.
    func pass(
        _ source: InputFile, to sink: any ByteSink, progress: TerminalProgress, decompresses: Bool
    ) throws {
        var opener = opener
        var decompressor: any ByteTransform = decompresses ? DetectingDecompressor() : IdentityTransform()
        var hash = StreamHash()
        var plain = BlockWriter { block in try block.withBytes { try sink.write($0) } }
        // What has been opened is handed to the decompressor at once: memory stays at a few blocks.
        let ready = ReadyBlocks()
        var opened = BlockWriter { ready.append($0) }
        func decompress() throws {
            try opened.flush()
            for block in ready.take() { try block.withBytes { try decompressor.update($0, into: &plain) } }
        }
        try source.forEachPiece { piece in
            hash.update(piece)
            progress.add(piece.count)
            try opener.update(piece, into: &opened)
            try decompress()
        }
        try opener.finish(into: &opened)
        try decompress()
        try check(hash.hex)
        try decompressor.finish(into: &plain)
        try plain.flush()
    }

    private var opener: any ByteTransform {
        switch self {
        case .identities(let identities): V2Opener(identities: identities)
        case .token(let token, _): token.formatVersion == 1 ? V1Opener(key: token.key) : V2Opener(key: token.key)
        }
    }

    private func check(_ sha256: String) throws(FormatError) {
        guard case .token(let token, verifiesHash: true) = self, let expected = token.sha256 else { return }
        guard sha256 == expected else { throw .hashMismatch }
    }
}

/// Blocks between the two transforms of one thread.
private final class ReadyBlocks {
    private var blocks: [ByteBlock] = []

    func append(_ block: ByteBlock) { blocks.append(block) }

    func take() -> [ByteBlock] {
        defer { blocks = [] }
        return blocks
    }
}
