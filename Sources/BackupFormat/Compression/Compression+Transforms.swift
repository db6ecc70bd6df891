package import BackupCore

extension Compression {
    /// - Parameter level: nil for the default: 3 for zstd, 6 for gzip. Ignored by `none`.
    package func makeCompressor(level: Int? = nil) throws(FormatError) -> any ByteTransform {
        switch self {
        case .zstd: try ZstdCompressor(level: level ?? 3)
        case .gzip: try GzipCompressor(level: level ?? 6)
        case .none: IdentityTransform()
        }
    }

    package func makeDecompressor() throws(FormatError) -> any ByteTransform {
        switch self {
        case .zstd: try ZstdDecompressor()
        case .gzip: try GzipDecompressor()
        case .none: IdentityTransform()
        }
    }
}
