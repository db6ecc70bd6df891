package import BackupControl
internal import BackupCore
package import FoundationEssentials

/// The way of a notice to its channel.
extension ControlDatabase {
    package func claimDeliveries(
        replica: String, until lease: Date, at time: Date, limit: Int, perMinute: Int
    ) async throws -> [Delivery] {
        try await sql.write { connection in
            let rows = try connection.rows(
                """
                SELECT notifications.* FROM notifications
                JOIN notification_channels ON notification_channels.id = notifications.channel_id
                WHERE notifications.next_attempt_at <= ? AND notification_channels.enabled = 1
                    AND (notifications.lease_until IS NULL OR notifications.lease_until <= ?)
                    AND (SELECT count(*) FROM notifications sent WHERE sent.channel_id = notifications.channel_id
                        AND sent.sent_at > ?) < ?
                ORDER BY notifications.next_attempt_at, notifications.id LIMIT ? \
                \(connection.dialect.skipLocked("notifications"))
                """,
                [
                    SQLValue(time), SQLValue(time), SQLValue(time.addingTimeInterval(-60)), SQLValue(perMinute),
                    SQLValue(limit),
                ])
            var room: [String: Int] = [:]
            return try rows.compactMap { row in
                let id = try row.text("channel_id")
                let left = try room[id] ?? connection.room(ofChannel: id, perMinute, at: time)
                room[id] = left - 1
                return left > 0 ? try connection.claim(row, replica, until: lease) : nil
            }
        }
    }

    package func settle(_ delivery: Delivery, _ outcome: DeliveryOutcome, at time: Date) async throws {
        let (sentAt, next, error): (Date?, Date?, String) =
            switch outcome {
            case .sent: (time, nil, "")
            case .failed(let reason, let retryAt): (nil, retryAt, reason)
            }
        try await sql.write { connection in
            let changed = try connection.run(
                """
                UPDATE notifications SET sent_at = ?, next_attempt_at = ?, last_error = ?, claimed_by = NULL, lease_until = NULL
                WHERE id = ? AND claimed_by = ? AND attempts = ?
                """,
                [
                    SQLValue(sentAt), SQLValue(next), .text(error), .text(delivery.id.string), .text(delivery.replica),
                    SQLValue(delivery.attempt),
                ])
            guard changed == 1 else { return }
            try connection.run(
                "UPDATE notification_channels SET last_error = ?, last_sent_at = COALESCE(?, last_sent_at) WHERE id = ?",
                [.text(error), SQLValue(sentAt), .text(delivery.channel.id.string)])
        }
    }
}

extension SQLConnection {
    /// What is on its way counts as sent.
    fileprivate func room(ofChannel id: String, _ perMinute: Int, at time: Date) throws -> Int {
        let row = try row(
            """
            SELECT count(*) AS busy FROM notifications WHERE channel_id = ? AND (sent_at > ? OR lease_until > ?)
            """, [.text(id), SQLValue(time.addingTimeInterval(-60)), SQLValue(time)])
        return perMinute - (try row?.int("busy") ?? 0)
    }

    fileprivate func claim(_ row: SQLRow, _ replica: String, until lease: Date) throws -> Delivery? {
        let id = try row.text("id")
        let attempt = try row.int("attempts") + 1
        let channel = try self.row(
            "SELECT * FROM notification_channels WHERE id = ?", [.text(try row.text("channel_id"))])
        guard let channel else { return nil }
        try run(
            "UPDATE notifications SET claimed_by = ?, lease_until = ?, attempts = ? WHERE id = ?",
            [.text(replica), SQLValue(lease), SQLValue(attempt), .text(id)])
        return Delivery(
            id: .init(id), channel: try ChannelRecord(row: channel), notice: try row.json("body"), attempt: attempt,
            replica: replica, madeAt: try row.date("created_at"))
    }
}
