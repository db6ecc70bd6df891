package import BackupCore

/// Decompresses what begins as zstd or gzip, and passes everything else on as it is.
package struct DetectingDecompressor: ByteTransform {
    private var inner: (any ByteTransform)?
    private var beginning: [UInt8] = []
    private static let zstdMagic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
    private static let gzipMagic: [UInt8] = [0x1f, 0x8b]

    package init() {}

    package var largestPiece: Int { 1 }

    package mutating func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        var rest = input
        if inner == nil {
            let missing = min(Self.zstdMagic.count - beginning.count, rest.count)
            beginning.append(contentsOf: rest[..<missing])
            rest = UnsafeRawBufferPointer(rebasing: rest[missing...])
            guard beginning.count == Self.zstdMagic.count else { return }
            try decide(&output)
        }
        if !rest.isEmpty { try inner?.update(rest, into: &output) }
    }

    package mutating func finish(into output: inout BlockWriter) throws {
        if inner == nil { try decide(&output) }
        try inner?.finish(into: &output)
    }

    private mutating func decide(_ output: inout BlockWriter) throws {
        var inner: any ByteTransform =
            if beginning == Self.zstdMagic { try ZstdDecompressor() } else if beginning.starts(with: Self.gzipMagic) {
                try GzipDecompressor()
            } else { IdentityTransform() }
        if !beginning.isEmpty { try beginning.withUnsafeBytes { try inner.update($0, into: &output) } }
        self.inner = inner
    }
}
