internal import BackupCore
internal import FoundationEssentials
internal import SwiftProtobuf

extension RunRestore {
    init(wire: Backup_V1_RunRestore, notes: inout WireNotes) {
        self.init()
        restoreID = wire.restoreID
        runID = wire.runID
        target = wire.hasTarget ? Target(wire: wire.target, notes: &notes) : nil
        download = wire.hasDownload ? DownloadURL(wire: wire.download) : nil
        manifest = [UInt8](wire.manifest)
        sizeBytes = wire.sizeBytes
        sha256 = wire.sha256
        formatVersion = wire.formatVersion
        compression = Compression(wire: wire.compression, notes: &notes)
        sourceEngine = DatabaseEngine(wire: wire.sourceType, notes: &notes)
        sourceVersion = wire.sourceVersion
        isWholeServer = wire.wholeServer
        key = SecretBytes([UInt8](wire.dek))
        identity = SecretReference(wire.identitySecretRef)
        options.overwrite = wire.overwrite
        options.create = wire.create
        options.withoutOwners = wire.withoutOwners
        options.withoutPrivileges = wire.withoutPrivileges
        options.only = wire.onlyDatabase.isEmpty ? nil : wire.onlyDatabase
        timeout = wire.timeoutSec.seconds(most: Job.longestTimeoutSeconds)
    }

    var wire: Backup_V1_RunRestore {
        .with {
            $0.restoreID = restoreID
            $0.runID = runID
            if let target { $0.target = target.wire }
            if let download { $0.download = download.wire }
            $0.manifest = Data(manifest)
            $0.sizeBytes = sizeBytes
            $0.sha256 = sha256
            $0.formatVersion = formatVersion
            $0.compression = Compression.wire(compression)
            $0.sourceType = DatabaseEngine.wire(sourceEngine)
            $0.sourceVersion = sourceVersion
            $0.wholeServer = isWholeServer
            $0.dek = Data(key.revealed)
            $0.identitySecretRef = identity.wireText.revealed
            $0.overwrite = options.overwrite
            $0.create = options.create
            $0.withoutOwners = options.withoutOwners
            $0.withoutPrivileges = options.withoutPrivileges
            $0.onlyDatabase = options.only ?? ""
            $0.timeoutSec = timeout?.wireSeconds ?? 0
        }
    }
}
