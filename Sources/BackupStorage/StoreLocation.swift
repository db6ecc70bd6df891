internal import BackupCore

/// DEST on a command line: where backups are kept.
package enum StoreLocation: Sendable, Equatable, CustomStringConvertible {
    /// - Parameter prefix: without slashes at its ends; may be empty.
    case s3(bucket: String, prefix: String)
    case directory(path: String)

    /// - Parameter text: `s3://BUCKET`, `s3://BUCKET/PREFIX` or `file:///DIRECTORY`.
    /// - Throws: ``StorageError/invalidLocation(_:reason:)``.
    package static func parse(_ text: String) throws(StorageError) -> Self {
        if text.hasPrefix("s3://") { return try s3(text) }
        guard text.hasPrefix("file://") else {
            throw .invalidLocation(text, reason: "it begins neither with s3:// nor with file://")
        }
        let path = text.dropFirst("file://".count)
        guard path.hasPrefix("/") else {
            throw .invalidLocation(text, reason: "a directory is given by its absolute path")
        }
        guard !path.utf8.contains(0) else { throw .invalidLocation(text, reason: "it has a NUL byte") }
        let trimmed = path.reversed().drop { $0 == "/" }.reversed()
        return .directory(path: trimmed.isEmpty ? "/" : String(trimmed))
    }

    package var description: String {
        switch self {
        case .s3(let bucket, let prefix): prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)"
        case .directory(let path): "file://\(path)"
        }
    }

    private static func s3(_ text: String) throws(StorageError) -> Self {
        let parts = text.dropFirst("s3://".count).split(separator: "/", omittingEmptySubsequences: true).map(
            String.init)
        guard let bucket = parts.first, text.dropFirst("s3://".count).first != "/" else {
            throw .invalidLocation(text, reason: "it names no bucket")
        }
        // What S3 allows for a bucket, and for old ones: the name goes into a host's name or a path as it is.
        let isPlain = bucket.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        guard isPlain, (3...255).contains(bucket.utf8.count), !bucket.hasPrefix("."), !bucket.contains("..") else {
            throw .invalidLocation(text, reason: "a bucket's name has 3 to 63 letters, digits, '-' and '.'")
        }
        let prefix = parts.dropFirst().joined(separator: "/")
        if !prefix.isEmpty {
            do { _ = try ObjectKey(prefix) } catch { throw .invalidLocation(text, reason: error.message) }
        }
        return .s3(bucket: bucket, prefix: prefix)
    }
}
