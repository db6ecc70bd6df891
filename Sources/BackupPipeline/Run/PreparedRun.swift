internal import BackupCore
internal import BackupFormat

/// A plan with its key, its header and its transforms, for what a driver has found.
struct PreparedRun: Sendable {
    let plan: RunPlan
    let facts: DatabaseFacts
    let format: Manifest.Format
    /// The key of the encrypted stream; nil when encryption is off.
    let key: DataKey?
    private let header: V2Header?
    private let source: Manifest.Source
    private let scope: DatabaseScope
    private let created: UTCTime

    /// - Throws: ``FormatError``.
    init(_ plan: RunPlan, driver: any DatabaseDriver, facts: DatabaseFacts, created: UTCTime) throws {
        self.plan = plan
        self.facts = facts
        self.created = created
        scope = driver.scope
        source = Manifest.Source(host: driver.host, database: driver.databaseName)
        let identity = BackupIdentity(
            run: plan.runID, job: plan.jobID, engine: facts.engine.rawValue, engineVersion: facts.engineVersion,
            compression: plan.compression, created: created)
        switch plan.encryption {
        case .off: (format, key, header) = (.none, nil, nil)
        case .v1(let key): (format, self.key, header) = (.v1, key, nil)
        case .v2(let key, let server):
            (format, self.key) = (.v2, key)
            header = try V2Header(identity: identity, key: key, stanzas: [server])
        case .recipients(let recipients):
            // "No key, so no encryption" must be impossible: an empty list is a mistake, and a header without a stanza
            // is none.
            let key = DataKey.random()
            (format, self.key) = (.v2, key)
            header = try V2Header(identity: identity, key: key, recipients: recipients)
        }
    }

    var compressor: any ByteTransform {
        get throws { try plan.compression.makeCompressor(level: plan.level) }
    }

    var sealer: any ByteTransform {
        guard let key else { return IdentityTransform() }
        guard let header else { return V1Sealer(key: key) }
        return V2Sealer(header: header, key: key)
    }

    /// What was stored, to be read back.
    func object(dumpSize: UInt64, stored: StoredDigest) -> StoredObject {
        StoredObject(
            id: plan.runID, objectKey: plan.objectKey, format: format, compression: plan.compression, key: key,
            storedSize: stored.size, storedSHA256: stored.sha256, dumpSize: dumpSize)
    }

    /// nil where the run's id is not a backup's: manifests are of backups only.
    func manifest(
        dumpSize: UInt64, stored: StoredDigest, fingerprint: Result<Fingerprint, any Error>?
    ) throws -> Manifest? {
        guard BackupID.isValid(plan.runID) else { return nil }
        let manifest = Manifest(
            id: plan.runID, created: created, source: source, scope: scope, engine: facts.engine,
            engineVersion: facts.engineVersion, toolVersion: facts.toolVersion, compression: plan.compression,
            format: format, object: String(plan.objectKey.string.split(separator: "/").last ?? ""),
            storedSize: stored.size, storedSHA256: stored.sha256, dumpSize: dumpSize, recipients: recipients,
            folder: folder)
        return try manifest.sealed(with: key, fingerprint: try? fingerprint?.get())
    }

    /// nil where the object stands under the database's own host and name.
    private var folder: String? {
        let folder = BackupName(objectKey: plan.objectKey, id: plan.runID)
        let usual = folder.map { BackupName(host: source.host, database: source.database, id: $0.id) }
        return folder == usual ? nil : folder?.source
    }

    private var recipients: [String] {
        switch plan.encryption {
        case .off, .v1: []
        case .v2(_, let server): [([server.type] + server.arguments).joined(separator: " ")]
        case .recipients(let recipients): recipients.map(\.description)
        }
    }
}
