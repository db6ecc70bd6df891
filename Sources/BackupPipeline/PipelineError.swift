package import BackupCore
internal import BackupFormat

/// Errors of a whole backup, verification or restore, where no single module can know them.
package enum PipelineError: BackupError {
    case noBackup(String)
    case noSuchBackup(String, location: String)
    case severalSources([String], location: String)
    case unreadableManifest(String, any Error)
    case manifestMismatch(String, what: String)
    case storedBytesDiffer(String, what: String)
    case dumpDiffers(String, what: String)
    case needsIdentity(String)
    case notEncrypted(String)
    case notAuthentic(String)
    case olderFormat(String)
    case otherEngine(String, of: DatabaseEngine, target: DatabaseEngine)
    case needsDatabaseName(String)
    case isOfAServer(String)
    case isOfADatabase(String)
    case restoredDiffers(String, differences: [String])
    case objectTooLarge(String, limit: Int)
    case leftBehind(String, location: String, after: any Error, because: any Error)

    package var code: String {
        switch self {
        case .noBackup: "pipeline.no_backup"
        case .noSuchBackup: "pipeline.no_such_backup"
        case .severalSources: "pipeline.several_sources"
        case .unreadableManifest: "pipeline.unreadable_manifest"
        case .manifestMismatch: "pipeline.manifest_mismatch"
        case .storedBytesDiffer: "pipeline.stored_bytes_differ"
        case .dumpDiffers: "pipeline.dump_differs"
        case .needsIdentity: "pipeline.needs_identity"
        case .notEncrypted: "pipeline.not_encrypted"
        case .notAuthentic: "pipeline.not_authentic"
        case .olderFormat: "pipeline.older_format"
        case .otherEngine: "pipeline.other_engine"
        case .needsDatabaseName: "pipeline.needs_database_name"
        case .isOfAServer: "pipeline.is_of_a_server"
        case .isOfADatabase: "pipeline.is_of_a_database"
        case .restoredDiffers: "pipeline.restored_differs"
        case .objectTooLarge: "pipeline.object_too_large"
        case .leftBehind: "pipeline.left_behind"
        }
    }

    package var message: String {
        switch self {
        case .noBackup(let location): "there is no backup in \(location)"
        case .noSuchBackup(let id, let location): "there is no backup \(id) in \(location)"
        case .severalSources(let sources, let location):
            "\(location) holds backups of \(sources.count) databases: \(sources.prefix(10).joined(separator: ", "))"
        case .unreadableManifest(let key, let error): "the manifest \(key) can't be read: \(Self.sentence(error))"
        case .manifestMismatch(let id, let what): "backup \(id) and its manifest don't belong together: \(what)"
        case .storedBytesDiffer(let id, let what):
            "the store holds other bytes for backup \(id) than were sent: \(what)"
        case .dumpDiffers(let id, let what): "backup \(id) doesn't hold the dump that its manifest describes: \(what)"
        case .needsIdentity(let id): "backup \(id) is encrypted, and no identity was given"
        case .notEncrypted(let id):
            "backup \(id) is not encrypted, although an identity was given: anybody may have put it there"
        case .notAuthentic(let id):
            "the manifest of backup \(id) was changed, or was not written by who made the backup"
        case .olderFormat(let id): "backup \(id) is in format v1, whose key its control plane keeps"
        case .otherEngine(let id, let engine, let target):
            "backup \(id) is of \(engine.rawValue), and the target is \(target.rawValue)"
        case .needsDatabaseName(let id): "backup \(id) is of one database, and the URL names none to restore it into"
        case .isOfAServer(let id): "backup \(id) is of a whole server, and the URL names one database"
        case .isOfADatabase(let id): "backup \(id) is of one database; there is nothing to choose with --database"
        case .restoredDiffers(let id, let differences):
            "backup \(id) was restored, and is not what was backed up: \(Self.list(differences))"
        case .objectTooLarge(let key, let limit): "\(key) is larger than \(limit) bytes, which no manifest is"
        case .leftBehind(let key, let location, let failure, let reason):
            "\(Self.sentence(failure)); the object \(key) in \(location) could not be removed: \(Self.sentence(reason))"
        }
    }

    package var hint: String {
        switch self {
        case .noBackup: "check the bucket and the prefix; 'backupy list DEST' shows what is there"
        case .noSuchBackup: "'backupy list DEST' prints the ids"
        case .severalSources: "name one with --source, or give the backup's id"
        case .unreadableManifest(_, let error as any BackupError) where !(error is FormatError): error.hint
        case .unreadableManifest: "the object beside it may still be good: decrypt it with backupy-decrypt"
        case .manifestMismatch, .notAuthentic:
            "don't restore it; use another backup, and find out who can write to the store"
        case .storedBytesDiffer: "back up again; if it happens again, the store or the way to it damages data"
        case .dumpDiffers: "use another backup, and keep this one for analysis"
        case .olderFormat: "'backupy download' fetches it; backupy-decrypt opens it with a token of the control plane"
        case .otherEngine: "restore into a database of the same kind"
        case .needsDatabaseName: "add the database's name to the URL; --create makes it"
        case .isOfAServer: "say which of its databases with --database, or restore all with a URL that names none"
        case .isOfADatabase: "leave --database away"
        case .restoredDiffers: "compare both databases before you rely on this backup, and keep both"
        case .objectTooLarge: "look at what it is, and remove it from the store if it is not yours"
        case .leftBehind(let key, _, _, _):
            "delete \(key) by hand; it has no manifest, so nothing takes it for a backup"
        case .notEncrypted:
            "find out who made it, or choose an encrypted one by its id; --allow-unencrypted takes it all the same"
        case .needsIdentity: "give the file that 'backupy keygen' wrote with --identity FILE"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .storedBytesDiffer: .retry
        case .leftBehind(_, _, let failure, _): (failure as? any BackupError)?.recovery ?? .userAction
        default: .userAction
        }
    }

    package var cause: (any Error)? {
        switch self {
        case .unreadableManifest(_, let error), .leftBehind(_, _, let error, _): error
        default: nil
        }
    }

    private static func list(_ differences: [String]) -> String {
        let shown = differences.prefix(5).joined(separator: "; ")
        return differences.count > 5 ? "\(shown); and \(differences.count - 5) more" : shown
    }

    private static func sentence(_ error: any Error) -> String {
        (error as? any BackupError)?.message ?? (error is CancellationError ? "cancelled" : "\(error)")
    }
}
