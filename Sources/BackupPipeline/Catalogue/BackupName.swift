package import BackupCore
internal import BackupFormat

/// Where a backup stands in its store: `HOST/DATABASE/YYYY/MM/DD/ID.EXTENSION`, and its manifest beside it. A control plane has
/// the agent's and the target's names in place of host and database.
///
/// All of these are text from elsewhere (``KeySegment``).
package struct BackupName: Sendable, Hashable {
    static let manifestSuffix = ".manifest.json"

    /// `HOST/DATABASE` or `AGENT/TARGET`, as in the keys.
    package let source: String
    package let id: BackupID

    package init(host: String, database: String, id: BackupID) {
        source = KeySegment.of(host) + "/" + KeySegment.of(database)
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

    /// From the key of an object of any prefix; nil where it does not stand as a backup with this id does.
    init?(objectKey: ObjectKey, id: String) {
        let segments = objectKey.string.split(separator: "/", omittingEmptySubsequences: false).suffix(6)
        guard segments.last?.hasPrefix(id + ".") == true,
            let key = try? ObjectKey(
                (segments.dropLast().map(String.init) + [id + Self.manifestSuffix]).joined(separator: "/"))
        else { return nil }
        self.init(manifestKey: key)
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
}
