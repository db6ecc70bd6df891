internal import BackupCore
internal import BackupFormat

/// What is settled before the first byte of a dump: the name, the key, the transforms.
struct BackupPlan: Sendable {
    let request: BackupRequest
    let name: BackupName
    let objectKey: ObjectKey
    /// The key of the encrypted stream; nil when encryption is off.
    let key: DataKey?
    private let header: V2Header?
    private let facts: DatabaseFacts
    private let source: Manifest.Source
    private let scope: DatabaseScope
    private let created: UTCTime

    init(request: BackupRequest, driver: any DatabaseDriver, facts: DatabaseFacts, id: BackupID, created: UTCTime)
        throws
    {
        self.request = request
        self.facts = facts
        self.created = created
        scope = driver.scope
        source = Manifest.Source(host: driver.host, database: driver.databaseName)
        name = BackupName(host: source.host, database: source.database, id: id)
        let compressed = facts.engine.dumpExtension(driver.scope) + request.compression.fileSuffix
        switch request.encryption {
        case .recipients(let recipients):
            // "No key, so no encryption" must be impossible: only `.off` turns it off.
            guard !recipients.isEmpty else { throw FormatError.noRecipient }
            let key = DataKey.random()
            let identity = BackupIdentity(
                run: id.string, job: nil, engine: facts.engine.rawValue, engineVersion: facts.engineVersion,
                compression: request.compression, created: created)
            header = try V2Header(identity: identity, key: key, recipients: recipients)
            self.key = key
            objectKey = try name.objectKey(extension: compressed + ".backupy")
        case .off:
            header = nil
            key = nil
            objectKey = try name.objectKey(extension: compressed)
        }
    }

    var compressor: any ByteTransform {
        get throws { try request.compression.makeCompressor(level: request.level) }
    }

    var sealer: any ByteTransform {
        if let header, let key { V2Sealer(header: header, key: key) } else { IdentityTransform() }
    }

    func manifest(
        dumpSize: UInt64, stored: StoredDigest, fingerprint: Result<Fingerprint, any Error>?
    ) throws -> Manifest {
        let manifest = Manifest(
            id: name.id.string, created: created, source: source, scope: scope, engine: facts.engine,
            engineVersion: facts.engineVersion, toolVersion: facts.toolVersion, compression: request.compression,
            format: key == nil ? .none : .v2, object: String(objectKey.string.split(separator: "/").last ?? ""),
            storedSize: stored.size, storedSHA256: stored.sha256, dumpSize: dumpSize, recipients: recipients)
        return try manifest.sealed(with: key, fingerprint: try? fingerprint?.get())
    }

    private var recipients: [String] {
        if case .recipients(let recipients) = request.encryption { recipients.map(\.description) } else { [] }
    }
}
