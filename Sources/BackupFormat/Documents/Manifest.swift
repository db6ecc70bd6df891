package import BackupCore
internal import Crypto
internal import FoundationEssentials

/// What stands beside a stored object and makes it a backup: JSON, written last (docs/format.md, "The manifest").
package struct Manifest: Sendable, Equatable, Codable {
    package static let largestSize = 1 << 20

    package struct Source: Sendable, Equatable, Codable {
        package let host: String
        package let database: String

        package init(host: String, database: String) {
            self.host = host
            self.database = database
        }
    }

    package enum Format: String, Sendable, Codable {
        case v1
        case v2
        /// Not encrypted.
        case none
    }

    package let version: Int
    package let id: String
    package let created: String
    package let source: Source
    package let scope: DatabaseScope
    package let engine: DatabaseEngine
    package let engineVersion: String
    package let toolVersion: String?
    package let compression: Compression
    package let format: Format
    /// The last component of the object's key; the object stands beside the manifest.
    package let object: String
    /// In bytes.
    package let storedSize: UInt64
    /// Lower-case hex.
    package let storedSHA256: String
    /// In bytes, before compression.
    package let dumpSize: UInt64
    /// Public keys that can open it.
    package let recipients: [String]
    /// The two folders that stand for what was backed up, `AGENT/TARGET`, where they are not those of ``source``.
    package let folder: String?
    /// What the database held; only where the backup is not encrypted.
    private var fingerprint: Fingerprint?
    /// The same, for holders of the backup's key: base64 of nonce, AES-256-GCM ciphertext and tag.
    private var sealedFingerprint: String?
    /// HMAC-SHA-256 in hex over everything else, under a key from the backup's key; nil when it is not encrypted.
    package private(set) var mac: String?

    private enum CodingKeys: String, CodingKey {
        case version, id, created, source, scope, engine, compression, format, object, recipients, folder, fingerprint,
            mac
        case sealedFingerprint = "sealed_fingerprint"
        case engineVersion = "engine_version"
        case toolVersion = "tool_version"
        case storedSize = "stored_size"
        case storedSHA256 = "stored_sha256"
        case dumpSize = "dump_size"
    }

    package init(
        id: String, created: UTCTime, source: Source, scope: DatabaseScope, engine: DatabaseEngine,
        engineVersion: String, toolVersion: String?, compression: Compression, format: Format, object: String,
        storedSize: UInt64, storedSHA256: String,
        dumpSize: UInt64, recipients: [String], folder: String? = nil
    ) {
        version = 1
        self.id = id
        self.created = created.rfc3339
        self.source = source
        self.scope = scope
        self.engine = engine
        self.engineVersion = engineVersion
        self.toolVersion = toolVersion
        self.compression = compression
        self.format = format
        self.object = object
        self.storedSize = storedSize
        self.storedSHA256 = storedSHA256
        self.dumpSize = dumpSize
        self.recipients = recipients
        self.folder = folder
    }

    // MARK: Text

    /// Sorted and indented, with a line feed at its end.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0a]
    }

    /// - Throws: ``FormatError/badManifest(_:)`` naming the first thing that is wrong.
    package static func decode(_ bytes: [UInt8]) throws(FormatError) -> Manifest {
        guard bytes.count <= largestSize else { throw .badManifest("it has more than 1 MiB") }
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .badManifest("'\(key.stringValue)' is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw .badManifest("'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has another type")
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw .badManifest("'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has no known value")
        } catch {
            throw .badManifest("it is not JSON")
        }
        try manifest.check()
        return manifest
    }

    private func check() throws(FormatError) {
        guard version == 1 else { throw .badManifest("its version is \(version), and this program knows 1") }
        guard BackupID.isValid(id) else { throw .badManifest("'id' is not a backup's") }
        guard UTCTime(rfc3339: created) != nil else { throw .badManifest("'created' is not a time") }
        let hex = storedSHA256.utf8
        guard hex.count == 64, hex.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            throw .badManifest("'stored_sha256' is not a SHA-256 in lower-case hex")
        }
        guard storedSize <= UInt64(Int64.max), dumpSize <= UInt64(Int64.max) else {
            throw .badManifest("a size is too large")
        }
    }

    // MARK: Authenticity

    /// With what only holders of the key can read, and its MAC. Without a key the fingerprint is in clear, as all of such
    /// a backup is.
    ///
    /// A fingerprint that doesn't fit is left out: a backup must not fail because a server has very many databases.
    package func sealed(with key: DataKey?, fingerprint: Fingerprint?) throws -> Manifest {
        var sealed = self
        if let fingerprint, case let text = try JSONEncoder().encode(fingerprint), text.count <= Self.largestSize / 2 {
            if let key {
                let box = try AES.GCM.seal(text, using: Self.fingerprintKey(key), authenticating: Data(id.utf8))
                sealed.sealedFingerprint = box.combined?.base64EncodedString()
            } else {
                sealed.fingerprint = fingerprint
            }
        }
        guard let key else { return sealed }
        sealed.mac =
            Array(HMAC<SHA256>.authenticationCode(for: try sealed.authenticated(), using: Self.macKey(key)))
            .lowerCaseHex
        return sealed
    }

    /// What the database held when it was dumped; nil when nobody recorded it, or when it is sealed and there is no key.
    /// - Throws: ``FormatError/badManifest(_:)``.
    package func fingerprint(with key: DataKey?) throws(FormatError) -> Fingerprint? {
        guard let key, let sealedFingerprint else { return fingerprint }
        guard let bytes = Data(base64Encoded: sealedFingerprint), let box = try? AES.GCM.SealedBox(combined: bytes),
            let text = try? AES.GCM.open(box, using: Self.fingerprintKey(key), authenticating: Data(id.utf8)),
            let fingerprint = try? JSONDecoder().decode(Fingerprint.self, from: text)
        else { throw .badManifest("'sealed_fingerprint' can't be opened") }
        return fingerprint
    }

    private static func fingerprintKey(_ key: DataKey) -> SymmetricKey { key.derived(info: "backupy/2 fingerprint") }

    /// Whether who wrote it knew the backup's key. The comparison takes the same time whatever differs.
    package func isAuthentic(under key: DataKey) -> Bool {
        guard let mac, let code = [UInt8](hex: mac), let bytes = try? authenticated() else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: Self.macKey(key))
    }

    /// Compact JSON with sorted names and without `mac`.
    private func authenticated() throws -> Data {
        var bare = self
        bare.mac = nil
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(bare)
    }

    private static func macKey(_ key: DataKey) -> SymmetricKey { key.derived(info: "backupy/2 manifest") }
}
