package import BackupControl
package import FoundationEssentials

extension ControlDatabase: EventStore {
    package func appendEvent(_ event: NewEvent, at time: Date) async throws {
        try await sql.write { try $0.append(event, at: time) }
    }

    package func events(after number: Int64, limit: Int) async throws -> [ServerEvent] {
        try await sql.read { connection in
            try connection.rows(
                "SELECT number, at, topic, name, data FROM events WHERE number > ? ORDER BY number LIMIT ?",
                [.integer(number), SQLValue(limit)]
            ).map { row in
                ServerEvent(
                    number: try row.integer("number"), at: try row.date("at"),
                    event: NewEvent(
                        topic: try row.text("topic"), name: try row.text("name"), data: try row.text("data")))
            }
        }
    }

    package func lastEventNumber() async throws -> Int64 {
        try await sql.read { try $0.row("SELECT last FROM event_counter WHERE id = 1")?.integer("last") ?? 0 }
    }

    package func pruneEvents(keeping count: Int) async throws {
        // In small pieces, so that nobody waits long for the writer.
        let batch = 5000
        while try await sql.write({ connection in
            try connection.run(
                """
                DELETE FROM events WHERE number IN (SELECT number FROM events
                    WHERE number <= (SELECT last FROM event_counter WHERE id = 1) - ? ORDER BY number LIMIT ?)
                """, [SQLValue(count), SQLValue(batch)])
        }) == batch {}
    }
}

extension SQLConnection {
    /// In the transaction of what it tells of. The counter's row makes the order that of the commits, without gaps.
    package func append(_ event: NewEvent, at time: Date) throws {
        guard let row = try row("UPDATE event_counter SET last = last + 1 WHERE id = 1 RETURNING last") else {
            throw ControlStoreError.badValue(column: "event_counter")
        }
        try run(
            "INSERT INTO events (number, at, topic, name, data) VALUES (?, ?, ?, ?, ?)",
            [
                .integer(try row.integer("last")), SQLValue(time), .text(event.topic), .text(event.name),
                .text(event.data),
            ])
        try wake("events")
    }

    /// An event about one thing.
    func append(
        _ topic: String, _ name: String, _ data: [String: String?], at time: Date
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(data.compactMapValues { $0 }), as: UTF8.self)
        try append(NewEvent(topic: topic, name: name, data: text), at: time)
    }
}
