package import BackupCore
internal import Glibc

/// The agent's durable state: `state.db` in its directory, sealed under the agent key.
///
/// Every change is on the disk when its call returns. Calls that block run on a thread of the actor's own. A process that is
/// killed at any moment leaves the state of before a change, or of after it.
package actor StateStore {
    private let thread: StateThread
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let file: StateFile
    private let limits: StateLimits
    private var entries: StateEntries?
    private var lock: Int32 = -1

    /// Opens what is in `directory`, or begins a state there.
    /// - Throws: ``StateError``; whatever it is, what was there is as it was.
    package static func open(
        directory: String, key: Secret, limits: StateLimits = StateLimits()
    ) async throws -> StateStore {
        try await open(directory: directory, key: key, limits: limits, schema: StateSchema())
    }

    static func open(
        directory: String, key: Secret, limits: StateLimits, schema: StateSchema
    ) async throws -> StateStore {
        let folder = StateFolder(path: directory)
        let file = StateFile(folder: folder, seal: StateSeal(agentKey: key), schema: schema)
        let store = StateStore(thread: try StateThread("state"), file: file, limits: limits)
        try await store.open()
        return store
    }

    private init(thread: StateThread, file: StateFile, limits: StateLimits) {
        self.thread = thread
        self.file = file
        self.limits = limits
    }

    private func open() throws(StateError) {
        try file.folder.probe()
        lock = try file.folder.lock()
        entries = try StateEntries(file, file.open(), limits)
    }

    deinit { if lock >= 0 { Glibc.close(lock) } }

    /// Closes the file, and lets another agent have it.
    package func close() {
        entries = nil
        if lock >= 0 { Glibc.close(lock) }
        lock = -1
    }

    /// Whether the directory can still be written, for the start and for the health check.
    package func probe() throws(StateError) { try file.folder.probe() }

    // MARK: Entries

    package func get(_ bucket: StateBucket, _ key: String) throws(StateError) -> [UInt8]? {
        try opened().get(bucket, key)
    }

    /// In the order of their keys. Memory: all of them.
    package func all(_ bucket: StateBucket, limit: Int = .max) throws(StateError) -> [(key: String, value: [UInt8])] {
        try opened().all(bucket, limit: limit) { key, value, _ throws(StateError) in (key, value) }
    }

    package func put(_ bucket: StateBucket, _ key: String, _ value: [UInt8]) throws(StateError) {
        try apply([.put(bucket, key: key, value)])
    }

    package func delete(_ bucket: StateBucket, _ key: String) throws(StateError) {
        try apply([.delete(bucket, key: key)])
    }

    /// All changes, in order, or none of them.
    /// - Returns: for each ``StateChange/send(_:_:)`` its number, nil for a message that was dropped at once.
    @discardableResult
    package func apply(_ changes: [StateChange]) throws(StateError) -> [OutboxID?] {
        var entries = try opened()
        let numbers = try entries.database.transaction { () throws(StateError) in
            var numbers: [OutboxID?] = []
            for change in changes {
                switch change {
                case .put(let bucket, let key, let value): try entries.put(bucket, key, value)
                case .delete(let bucket, let key): try entries.delete(bucket, key)
                case .send(let bytes, let priority): numbers.append(try entries.send(bytes, priority))
                case .acknowledged(let id): try entries.delete(.outbox, StateEntries.key(id.rawValue))
                case .log(let bytes): try entries.log(bytes)
                case .logged(let number): try entries.removeLogs(through: number)
                case .toldDropped(let bucket, let count): try entries.toldDropped(count, in: bucket)
                }
            }
            return numbers
        }
        // Only now: after a failure the sizes are those of before, like the file.
        self.entries = entries
        return numbers
    }

    package func size(_ bucket: StateBucket) throws(StateError) -> StateSize {
        try opened().sizes[bucket] ?? StateSize()
    }

    func opened() throws(StateError) -> StateEntries {
        guard let entries else { throw .closed(file.folder.database) }
        return entries
    }
}
