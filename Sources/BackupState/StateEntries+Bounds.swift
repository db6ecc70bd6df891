internal import BackupCore

/// What keeps the outbox and the logs within their limits.
extension StateEntries {
    /// Numbers in order of their text too: 20 digits hold every UInt64.
    static func key(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    func next(_ bucket: StateBucket) throws(StateError) -> UInt64 {
        let last = try database.number(
            """
            INSERT INTO sequences (bucket, last) VALUES (?, 1) ON CONFLICT (bucket) DO UPDATE SET last = last + 1
            RETURNING last
            """, .text(bucket.rawValue))
        return UInt64(clamping: last ?? 0)
    }

    /// Drops the oldest entries of low priority until there is room.
    /// - Returns: whether there is. If not, nothing was dropped.
    mutating func makeRoom(
        in bucket: StateBucket, for count: Int, _ entryLimit: Int, _ byteLimit: Int
    ) throws(StateError) -> Bool {
        let size = sizes[bucket] ?? StateSize()
        var entries = size.entries + 1 - entryLimit
        var bytes = size.bytes + count + StateSeal.overhead - byteLimit
        if entries <= 0, bytes <= 0 { return true }
        var last: String?
        var after = ""
        while entries > 0 || bytes > 0 {
            let oldest = try oldestLow(bucket, after: after)
            for (key, length) in oldest where entries > 0 || bytes > 0 {
                entries -= 1
                bytes -= length
                last = key
            }
            guard let key = oldest.last?.key else { return false }
            after = key
        }
        guard let last else { return false }
        let dropped = try database.rows(
            "DELETE FROM entries WHERE bucket = ? AND priority = 0 AND key <= ? RETURNING length(value)",
            .text(bucket.rawValue), .text(last)
        ) { $0.integer(0) }
        remove(dropped, from: bucket)
        try countDropped(UInt64(dropped.count), in: bucket)
        return true
    }

    private func oldestLow(
        _ bucket: StateBucket, after: String
    ) throws(StateError) -> [(key: String, length: Int)] {
        try database.rows(
            """
            SELECT key, length(value) FROM entries WHERE bucket = ? AND priority = 0 AND key > ? ORDER BY key LIMIT 100
            """, .text(bucket.rawValue), .text(after)
        ) { ($0.text(0), $0.integer(1)) }
    }

    mutating func remove(_ lengths: [Int], from bucket: StateBucket) {
        sizes[bucket, default: StateSize()].entries -= lengths.count
        sizes[bucket, default: StateSize()].bytes -= lengths.reduce(0, +)
    }

    mutating func countDropped(_ count: UInt64, in bucket: StateBucket) throws(StateError) {
        try setDropped((sizes[bucket]?.dropped ?? 0) + count, in: bucket)
    }

    mutating func setDropped(_ count: UInt64, in bucket: StateBucket) throws(StateError) {
        try database.run(
            """
            INSERT INTO sequences (bucket, last, dropped) VALUES (?, 0, ?)
            ON CONFLICT (bucket) DO UPDATE SET dropped = excluded.dropped
            """, .text(bucket.rawValue), .integer(Int64(clamping: count)))
        sizes[bucket, default: StateSize()].dropped = count
    }
}
