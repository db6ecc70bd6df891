package import BackupCore

/// Errors of a whole backup, verification or restore, where no single module can know them.
package enum PipelineError: BackupError {
    case noBackup(String)
    case noSuchBackup(String, location: String)
    case severalSources([String], location: String)
    case invalidSource(String)
    case unreadableManifest(String, any Error)
    case manifestMismatch(String, what: String)
    case storedBytesDiffer(String, what: String)
    case dumpDiffers(String, what: String)
    case needsIdentity(String)
    case notAuthentic(String)

    package var code: String {
        switch self {
        case .noBackup: "pipeline.no_backup"
        case .noSuchBackup: "pipeline.no_such_backup"
        case .severalSources: "pipeline.several_sources"
        case .invalidSource: "pipeline.invalid_source"
        case .unreadableManifest: "pipeline.unreadable_manifest"
        case .manifestMismatch: "pipeline.manifest_mismatch"
        case .storedBytesDiffer: "pipeline.stored_bytes_differ"
        case .dumpDiffers: "pipeline.dump_differs"
        case .needsIdentity: "pipeline.needs_identity"
        case .notAuthentic: "pipeline.not_authentic"
        }
    }

    package var message: String {
        switch self {
        case .noBackup(let location): "there is no backup in \(location)"
        case .noSuchBackup(let id, let location): "there is no backup \(id) in \(location)"
        case .severalSources(let sources, let location):
            "\(location) holds backups of \(sources.count) databases: \(sources.prefix(10).joined(separator: ", "))"
        case .invalidSource(let text): "'\(text)' names no place for backups"
        case .unreadableManifest(let key, _): "the manifest \(key) can't be read"
        case .manifestMismatch(let id, let what): "backup \(id) and its manifest don't belong together: \(what)"
        case .storedBytesDiffer(let id, let what): "the store holds other bytes for backup \(id) than were sent: \(what)"
        case .dumpDiffers(let id, let what): "backup \(id) doesn't hold the dump that its manifest describes: \(what)"
        case .needsIdentity(let id): "backup \(id) is encrypted, and no identity was given"
        case .notAuthentic(let id): "the manifest of backup \(id) was changed, or was not written by who made the backup"
        }
    }

    package var hint: String {
        switch self {
        case .noBackup: "check the bucket and the prefix; 'backupy list DEST' shows what is there"
        case .noSuchBackup: "'backupy list DEST' prints the ids"
        case .severalSources: "name one with --source, or give the backup's id"
        case .invalidSource: "write s3://BUCKET/PREFIX or file:///DIRECTORY, with /ID or /latest behind it for one backup"
        case .unreadableManifest: "the object beside it may still be good: decrypt it with backupy-decrypt"
        case .manifestMismatch, .notAuthentic: "don't restore it; use another backup, and find out who can write to the store"
        case .storedBytesDiffer: "back up again; if it happens again, the store or the way to it damages data"
        case .dumpDiffers: "use another backup, and keep this one for analysis"
        case .needsIdentity: "give the file that 'backupy keygen' wrote with --identity FILE"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .storedBytesDiffer: .retry
        default: .userAction
        }
    }

    package var cause: (any Error)? {
        if case .unreadableManifest(_, let error) = self { error } else { nil }
    }
}
