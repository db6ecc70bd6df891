extension Manifest.Format {
    /// So many bytes at the beginning of an object hold its first frame or chunk, with all that comes before it.
    package var firstPieceSize: Int {
        switch self {
        case .v1: V1Format.lengthSize + V1Format.longestFrame
        case .v2: V2Header.largestSize + Cobblestone.preambleSize + Cobblestone.sealedChunkSize
        case .none: Cobblestone.chunkSize
        }
    }
}
