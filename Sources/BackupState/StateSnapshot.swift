package import BackupCore

/// All of a state at one moment, read beside an agent that goes on working with it.
///
/// Memory: all of the state, which its limits bound.
package struct StateSnapshot: Sendable {
    package struct Entry: Sendable, Equatable {
        package let bucket: StateBucket
        package let key: String
        package let value: [UInt8]
    }

    package let version: Int
    /// By bucket and key, in order.
    package let entries: [Entry]
    package let dropped: [StateBucket: UInt64]

    /// - Throws: ``StateError``; ``StateError/missing(_:)`` where no agent has ever been.
    package static func read(directory: String, key: Secret) async throws -> StateSnapshot {
        try await BlockingThread.run("state snapshot") { try readBlocking(directory: directory, key: key) }
    }

    private static func readBlocking(directory: String, key: Secret) throws(StateError) -> StateSnapshot {
        let schema = StateSchema()
        let file = StateFile(
            folder: StateFolder(path: directory), seal: StateSeal(agentKey: key), schema: schema)
        let database = try file.openReadOnly()
        // One moment for all that is read.
        try database.run("BEGIN")
        let entries = try database.rows("SELECT bucket, key, value FROM entries ORDER BY bucket, key") {
            row throws(StateError) in
            guard let bucket = StateBucket(rawValue: row.text(0)) else {
                throw .damaged(database.path, reason: "there is no bucket '\(row.text(0).prefix(80))'")
            }
            return Entry(bucket: bucket, key: row.text(1), value: try file.value(of: row, in: database))
        }
        let dropped = try database.rows("SELECT bucket, dropped FROM sequences WHERE dropped > 0") { row in
            (StateBucket(rawValue: row.text(0)), UInt64(clamping: row.integer(1)))
        }
        return StateSnapshot(
            version: try schema.version(of: database), entries: entries,
            dropped: Dictionary(
                dropped.compactMap { bucket, count in bucket.map { ($0, count) } },
                uniquingKeysWith: { first, _ in first }))
    }
}
