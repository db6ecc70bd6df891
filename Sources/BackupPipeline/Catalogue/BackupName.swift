package import BackupCore
internal import BackupFormat
internal import Crypto

/// Where a backup stands in its store: `HOST/DATABASE/YYYY/MM/DD/ID.EXTENSION`, and its manifest beside it.
///
/// Host and database are text from elsewhere: bytes other than letters, digits, `.`, `_` and `-` are written as
/// `=XX`, so that different names stay different, and long ones are cut and end with the beginning of their SHA-256.
package struct BackupName: Sendable, Hashable {
    static let manifestSuffix = ".manifest.json"
    /// A file system's limit is 255 bytes for one name.
    static let longestSegment = 100

    /// `HOST/DATABASE`, as in the keys.
    package let source: String
    package let id: BackupID

    package init(host: String, database: String, id: BackupID) {
        source = Self.segment(host) + "/" + Self.segment(database)
        self.id = id
    }

    /// From a manifest's key; nil for every other object.
    package init?(manifestKey key: ObjectKey) {
        let segments = key.string.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.count == 6, segments[5].hasSuffix(Self.manifestSuffix) else { return nil }
        guard let id = try? BackupID(String(segments[5].dropLast(Self.manifestSuffix.count))) else { return nil }
        source = segments[0] + "/" + segments[1]
        self.id = id
        guard key.string == stem + Self.manifestSuffix else { return nil }
    }

    package func manifestKey() throws(CoreError) -> ObjectKey { try ObjectKey(stem + Self.manifestSuffix) }

    package func objectKey(extension: String) throws(CoreError) -> ObjectKey { try ObjectKey(stem + "." + `extension`) }

    /// The key of an object beside the manifest, from its last component.
    func sibling(_ component: String) throws(CoreError) -> ObjectKey {
        try ObjectKey(stem.split(separator: "/").dropLast().joined(separator: "/") + "/" + component)
    }

    private var stem: String {
        let digits = id.string
        return
            "\(source)/\(digits.prefix(4))/\(digits.dropFirst(4).prefix(2))/\(digits.dropFirst(6).prefix(2))/\(digits)"
    }

    static func segment(_ text: String) -> String {
        let written = text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            // A leading dot would make a hidden file, or '..'.
            return isPlain || scalar == "_" || scalar == "-" || scalar == "."
                ? String(scalar) : "=" + [byte].lowerCaseHex
        }
        .joined()
        let safe = written.hasPrefix(".") ? "=2e" + written.dropFirst() : written
        guard safe.utf8.count > longestSegment else { return safe.isEmpty ? "=" : safe }
        let digest = SHA256.hash(data: Array(text.utf8)).lowerCaseHex
        return safe.prefix(longestSegment - 17) + "=" + digest.prefix(16)
    }
}
