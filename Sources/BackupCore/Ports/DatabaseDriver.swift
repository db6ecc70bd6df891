/// One database, or all of a server, that can be dumped and restored, with the way to reach it inside.
///
/// A driver runs the engine's own tools. Values that came from a person or a configuration are data for it: they
/// never become an option or a command, and passwords are never in argv.
package protocol DatabaseDriver: Sendable {
    /// The engine that the URL names. The server may be its sibling (``DatabaseFacts/engine``).
    var engine: DatabaseEngine { get }
    /// The database as people name it, for headings and object keys: `app`, or a file's name. No secret in it.
    var databaseName: String { get }
    /// What of the server it stands for.
    var scope: DatabaseScope { get }

    /// The host it is on, as object keys name it: the server's, or this machine's for a socket or a file.
    var host: String { get }

    /// Connects, and reports what a dump would find. Cheap: seconds at most.
    func probe() async throws -> DatabaseFacts

    /// Starts a dump and gives its bytes to `body`; returns after both have ended well.
    ///
    /// One consistent moment of the database. When `body` throws or the task is cancelled, the tool's whole process
    /// group is ended before this returns.
    /// - Throws: what `body` threw, or what the dump failed with, the tool's last words included.
    /// - Parameter counting: whether to take a fingerprint, which reads every table once more.
    func dump<R: Sendable>(
        counting: Bool, _ body: @Sendable (any ByteSource) async throws -> R
    ) async throws -> Dumped<R>

    /// Checks that a backup can go into this database, before anything is changed: that it can be reached, that
    /// versions fit, and that it is empty or may be written over.
    func prepareRestore(of backup: DumpFacts, options: RestoreOptions) async throws -> DatabaseFacts

    /// Feeds what `body` writes to the engine's restore tool; returns after both have ended well.
    /// - Throws: what went wrong, with the state that it left the database in (``RestoreFailure``).
    func restore<R: Sendable>(
        _ backup: DumpFacts, options: RestoreOptions, _ body: @escaping @Sendable (any ByteSink) async throws -> R
    ) async throws -> R

    /// Reads what the database holds now, row by row: minutes for a large one. nil where the engine has no way to.
    func fingerprint() async throws -> Fingerprint?
}

/// How much of a server is backed up. The raw value is what manifests and `--json` say.
package enum DatabaseScope: String, Sendable, Codable {
    case database
    /// Every database, with what belongs to none of them: roles, users, grants.
    case server
}

/// The end of a dump that went well.
package struct Dumped<R: Sendable>: Sendable {
    package let value: R
    /// nil where the engine has none or nobody asked; a failure is no reason to fail the dump.
    package let fingerprint: Result<Fingerprint, any Error>?

    package init(_ value: R, fingerprint: Result<Fingerprint, any Error>?) {
        self.value = value
        self.fingerprint = fingerprint
    }
}

/// What a driver found on the other side.
package struct DatabaseFacts: Sendable, Equatable {
    package var engine: DatabaseEngine
    /// The server's own version with the product's name: `PostgreSQL 16.2`, `SQLite 3.40.1`.
    package var engineVersion: String
    /// The tool that makes or reads dumps, where there is one: `pg_dump 16.2`.
    package var toolVersion: String?
    /// About how many bytes the database takes on its own disk; a dump is usually smaller.
    package var sizeBytes: UInt64?
    /// Whether it holds nothing of a user's.
    package var isEmpty: Bool

    package init(
        engine: DatabaseEngine, engineVersion: String, toolVersion: String?, sizeBytes: UInt64?, isEmpty: Bool
    ) {
        self.engine = engine
        self.engineVersion = engineVersion
        self.toolVersion = toolVersion
        self.sizeBytes = sizeBytes
        self.isEmpty = isEmpty
    }
}

/// What a backup says of the dump inside it.
package struct DumpFacts: Sendable, Equatable {
    package var engine: DatabaseEngine
    package var engineVersion: String
    /// The tool that made it, as ``DatabaseFacts/toolVersion`` had it.
    package var toolVersion: String?
    package var scope: DatabaseScope

    package init(
        engine: DatabaseEngine, engineVersion: String, toolVersion: String? = nil, scope: DatabaseScope = .database
    ) {
        self.engine = engine
        self.engineVersion = engineVersion
        self.toolVersion = toolVersion
        self.scope = scope
    }
}

/// What a person allowed a restore to do.
package struct RestoreOptions: Sendable, Equatable {
    /// Replace what is there: objects of the same name in a database, or the file.
    package var overwrite = false
    /// Make the database when there is none.
    package var create = false
    /// Leave the owners of objects out; everything belongs to who restores.
    package var withoutOwners = false
    /// Leave grants out.
    package var withoutPrivileges = false
    /// The only database to take from a whole server's backup.
    package var only: String?

    package init() {}
}

/// In what state a failed restore left the database.
package enum TargetState: String, Sendable, Codable {
    /// Nothing was changed, or all of it was undone.
    case unchanged
    /// A new database was made, and holds nothing.
    case createdEmpty = "created_empty"
    /// Some of the backup is in it.
    case partial
    /// All of the backup is in it: the failure came afterwards.
    case complete
    /// It could not be asked.
    case unknown
}

/// A restore that did not work, and what is in the database now.
package struct RestoreFailure: BackupError {
    package let database: String
    package let state: TargetState
    package let underlying: any BackupError

    package init(database: String, state: TargetState, underlying: any BackupError) {
        self.database = database
        self.state = state
        self.underlying = underlying
    }

    package var code: String { underlying.code }
    package var message: String {
        switch state {
        case .unchanged: "\(underlying.message); database '\(database)' is as it was before"
        case .createdEmpty: "\(underlying.message); database '\(database)' was created and is empty"
        case .partial: "\(underlying.message); database '\(database)' holds a part of the backup and must not be used"
        case .complete: "\(underlying.message); but database '\(database)' holds all of the backup"
        case .unknown:
            "\(underlying.message); database '\(database)' holds either what it did before or all of the backup, "
                + "which could not be found out"
        }
    }
    package var hint: String {
        switch state {
        case .complete: "look at the database before you use it; nothing of the backup is missing"
        case .unknown: "look at the database before you go on; when in doubt, restore into a new one with --create"
        default: underlying.hint
        }
    }
    package var recovery: Recovery { underlying.recovery }
    package var cause: (any Error)? { underlying }
}
