/// Log events while the server is out of reach: a ring, in which the oldest make room and are counted.
extension StateStore {
    /// One commit for all of them.
    package func appendLogs(_ events: [[UInt8]]) throws(StateError) { try apply(events.map { .log($0) }) }

    /// The oldest events. Memory: `limit` of them.
    package func logs(limit: Int) throws(StateError) -> [(number: UInt64, bytes: [UInt8])] {
        let entries = try opened()
        return try entries.all(.logsBuffer, limit: limit) { key, value, _ throws(StateError) in
            guard let number = UInt64(key) else {
                throw .damaged(entries.database.path, reason: "'\(key.prefix(80))' is no number in the logs")
            }
            return (number, value)
        }
    }

    /// Forgets the events up to `number`, and `dropped` of those that made room: the server knows of both.
    package func removeLogs(through number: UInt64, dropped: UInt64 = 0) throws(StateError) {
        try apply([.logged(through: number), .toldDropped(.logsBuffer, dropped)])
    }
}
