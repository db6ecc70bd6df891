internal import BackupCore

/// The entries of an open state, inside of a transaction: sealed, counted, bounded.
struct StateEntries {
    let file: StateFile
    let database: StateDatabase
    let limits: StateLimits
    var sizes: [StateBucket: StateSize] = [:]

    init(_ file: StateFile, _ database: StateDatabase, _ limits: StateLimits) throws(StateError) {
        self.file = file
        self.database = database
        self.limits = limits
        for bucket in StateBucket.allCases {
            let name = StateDatabase.Value.text(bucket.rawValue)
            let entries = try database.number("SELECT count(*) FROM entries WHERE bucket = ?", name)
            let bytes = try database.number("SELECT sum(length(value)) FROM entries WHERE bucket = ?", name)
            let dropped = try database.number("SELECT dropped FROM sequences WHERE bucket = ?", name)
            sizes[bucket] = StateSize(
                entries: entries ?? 0, bytes: bytes ?? 0, dropped: UInt64(clamping: dropped ?? 0))
        }
    }

    // MARK: Reading

    func get(_ bucket: StateBucket, _ key: String) throws(StateError) -> [UInt8]? {
        try database.rows(
            "SELECT bucket, key, value FROM entries WHERE bucket = ? AND key = ?", .text(bucket.rawValue), .text(key)
        ) { row throws(StateError) in try file.value(of: row, in: database) }.first
    }

    /// The entries, or those behind `key`, in the order of their keys.
    func all<R>(
        _ bucket: StateBucket, after key: String? = nil, limit: Int,
        read: (_ key: String, _ value: [UInt8], _ priority: Int) throws(StateError) -> R
    ) throws(StateError) -> [R] {
        try database.rows(
            """
            SELECT bucket, key, value, priority FROM entries WHERE bucket = ?1 AND (?2 IS NULL OR key > ?2)
            ORDER BY key LIMIT ?3
            """, .text(bucket.rawValue), key.map { .text($0) } ?? .null, .integer(Int64(max(limit, 0)))
        ) { row throws(StateError) in try read(row.text(1), file.value(of: row, in: database), row.integer(3)) }
    }

    // MARK: Writing

    mutating func put(_ bucket: StateBucket, _ key: String, _ value: [UInt8]) throws(StateError) {
        try delete(bucket, key)
        try insert(bucket, key, value)
    }

    /// Fails where there is an entry of that key: no message takes the place of another.
    private mutating func insert(
        _ bucket: StateBucket, _ key: String, _ value: [UInt8], priority: OutboxPriority = .low
    ) throws(StateError) {
        guard let sealed = file.seal.seal(value, bucket: bucket.rawValue, key: key) else {
            throw .failed(database.path, code: 0, reason: "the cipher failed")
        }
        try database.run(
            "INSERT INTO entries (bucket, key, priority, value) VALUES (?, ?, ?, ?)", .text(bucket.rawValue),
            .text(key), .integer(Int64(priority.rawValue)), .blob(sealed))
        sizes[bucket, default: StateSize()].entries += 1
        sizes[bucket, default: StateSize()].bytes += sealed.count
    }

    mutating func delete(_ bucket: StateBucket, _ key: String) throws(StateError) {
        let sizes = try database.rows(
            "DELETE FROM entries WHERE bucket = ? AND key = ? RETURNING length(value)", .text(bucket.rawValue),
            .text(key)
        ) { $0.integer(0) }
        remove(sizes, from: bucket)
    }

    /// - Returns: the number of the message; nil when one of low priority was dropped at once.
    mutating func send(_ bytes: [UInt8], _ priority: OutboxPriority) throws(StateError) -> OutboxID? {
        let fits = try makeRoom(in: .outbox, for: bytes.count, limits.outboxEntries, limits.outboxBytes)
        guard fits else {
            guard priority == .low else {
                let size = sizes[.outbox] ?? StateSize()
                throw .outboxFull(entries: size.entries, bytes: size.bytes)
            }
            try countDropped(1, in: .outbox)
            return nil
        }
        let number = try next(.outbox)
        try insert(.outbox, Self.key(number), bytes, priority: priority)
        return OutboxID(rawValue: number)
    }

    mutating func log(_ bytes: [UInt8]) throws(StateError) {
        if try makeRoom(in: .logsBuffer, for: bytes.count, limits.logEntries, limits.logBytes) {
            try insert(.logsBuffer, Self.key(next(.logsBuffer)), bytes)
        } else {
            try countDropped(1, in: .logsBuffer)
        }
    }

    mutating func removeLogs(through number: UInt64) throws(StateError) {
        let sizes = try database.rows(
            "DELETE FROM entries WHERE bucket = ? AND key <= ? RETURNING length(value)",
            .text(StateBucket.logsBuffer.rawValue), .text(Self.key(number))
        ) { $0.integer(0) }
        remove(sizes, from: .logsBuffer)
    }

    mutating func toldDropped(_ count: UInt64, in bucket: StateBucket) throws(StateError) {
        let dropped = sizes[bucket]?.dropped ?? 0
        try setDropped(dropped - min(dropped, count), in: bucket)
    }
}
