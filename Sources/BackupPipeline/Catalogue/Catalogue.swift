package import BackupCore
package import BackupFormat

/// What a store holds, read from the store itself: every manifest stands for one finished backup.
///
/// Objects without a manifest are what interrupted runs left; they are no backups, and never offered as such.
package struct Catalogue: Sendable {
    package let store: any ObjectStore

    package init(store: any ObjectStore) { self.store = store }

    /// One line of a listing. A manifest that can't be read is an entry too: it must not look as if it weren't there.
    package struct Entry: Sendable {
        package let name: BackupName
        package let manifest: Result<Manifest, PipelineError>
    }

    /// All backups with their manifests, oldest first.
    ///
    /// Memory grows with the number of backups, about 1 KiB each. Manifests are read ``concurrentReads`` at a time.
    /// - Parameter source: `HOST/DATABASE`; nil for all.
    /// - Throws: what the store throws, where it can't be listed, or gives ``largestFailures`` manifests not at all.
    package func entries(source: String? = nil) async throws -> [Entry] {
        var names: [BackupName] = []
        try await forEachName { name in
            if source == nil || name.source == source { names.append(name) }
        }
        return try await withThrowingTaskGroup(of: Entry.self) { group in
            var entries: [Entry] = []
            var failures = 0
            func take(_ entry: Entry) throws {
                entries.append(entry)
                guard case .failure(let error) = entry.manifest, error.isOfAStoreThatIsAway else { return }
                failures += 1
                if failures == Self.largestFailures { throw error.cause ?? error }
            }
            for (index, name) in names.enumerated() {
                if index >= Self.concurrentReads, let entry = try await group.next() { try take(entry) }
                group.addTask { try await entry(of: name) }
            }
            for try await entry in group { try take(entry) }
            return entries.sorted { ($0.name.id, $0.name.source) < ($1.name.id, $1.name.source) }
        }
    }

    static let concurrentReads = 8
    /// So many manifests that a store does not give, although it may later, mean that the store is away: each of them was
    /// waited for.
    static let largestFailures = 8

    /// - Throws: ``PipelineError`` when there is none, or when several databases' backups could be meant.
    package func resolve(_ selector: BackupSelector) async throws -> BackupName {
        switch selector {
        case .newest(let source): try await newest(of: source)
        case .id(let id): try await find(id)
        }
    }

    /// Reads and checks the manifest of a backup.
    /// - Throws: ``PipelineError/unreadableManifest(_:_:)``, or what the store throws.
    package func manifest(of name: BackupName) async throws -> Manifest {
        let key = try name.manifestKey()
        let bytes = try await SmallObject.read(key, from: store, limit: Manifest.largestSize)
        do {
            let manifest = try Manifest.decode(bytes)
            try Self.check(manifest, of: name)
            return manifest
        } catch let error as FormatError {
            throw PipelineError.unreadableManifest(key.string, error)
        }
    }

    // A manifest that was copied to another name must not make one backup look like another.
    private static func check(_ manifest: Manifest, of name: BackupName) throws {
        guard manifest.id == name.id.string else {
            throw PipelineError.manifestMismatch(name.id.string, what: "the manifest is that of \(manifest.id)")
        }
        let written = BackupName(host: manifest.source.host, database: manifest.source.database, id: name.id)
        let source = manifest.folder ?? written.source
        guard source == name.source else {
            throw PipelineError.manifestMismatch(name.id.string, what: "the manifest says that it is of \(source)")
        }
        guard manifest.object.hasPrefix(name.id.string + "."), !manifest.object.contains("/") else {
            throw PipelineError.manifestMismatch(name.id.string, what: "the manifest points to \(manifest.object)")
        }
    }

    private func entry(of name: BackupName) async throws -> Entry {
        do {
            return Entry(name: name, manifest: .success(try await manifest(of: name)))
        } catch let error as PipelineError {
            return Entry(name: name, manifest: .failure(error))
        } catch let error as any BackupError {
            // One that the store does not give must not hide the others.
            return Entry(name: name, manifest: .failure(.unreadableManifest(try name.manifestKey().string, error)))
        }
    }

    private func newest(of source: String?) async throws -> BackupName {
        var newest: [String: BackupName] = [:]
        try await forEachName { name in
            guard source == nil || name.source == source else { return }
            if let known = newest[name.source], known.id > name.id { return }
            newest[name.source] = name
        }
        guard let name = newest.values.first else { throw PipelineError.noBackup(described(source)) }
        guard newest.count == 1 else {
            throw PipelineError.severalSources(newest.keys.sorted(), location: store.location)
        }
        return name
    }

    private func find(_ id: BackupID) async throws -> BackupName {
        var found: BackupName?
        try await forEachName { if $0.id == id { found = $0 } }
        guard let found else { throw PipelineError.noSuchBackup(id.string, location: store.location) }
        return found
    }

    /// In the order of the store's keys: host, database, time.
    private func forEachName(_ body: (BackupName) -> Void) async throws {
        for try await object in store.list(prefix: "") {
            if let name = BackupName(manifestKey: object.key) { body(name) }
        }
    }

    private func described(_ source: String?) -> String {
        if let source { "\(store.location) for \(source)" } else { store.location }
    }
}

extension PipelineError {
    fileprivate var isOfAStoreThatIsAway: Bool {
        if case .unreadableManifest(_, let error as any BackupError) = self { error.recovery == .retry } else { false }
    }
}
