package import BackupControl
internal import BackupCore
package import FoundationEssentials

extension ControlDatabase: NoticeStore {
    // MARK: Channels

    package func addChannel(_ channel: ChannelRecord) async throws {
        let settings = try channel.settings
        try await sql.write { connection in
            try connection.unique("a channel named '\(channel.name)' is there already") {
                try connection.run(
                    """
                    INSERT INTO notification_channels (name, kind, settings, sealed_secret, enabled, muted, id, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """, settings + [.text(channel.id.string), SQLValue(channel.createdAt)])
            }
        }
    }

    package func channel(_ id: ChannelRecord.ID) async throws -> ChannelRecord? {
        try await sql.read { connection in
            try connection.row("SELECT * FROM notification_channels WHERE id = ?", [.text(id.string)])
                .map(ChannelRecord.init(row:))
        }
    }

    package func channels(_ page: PageRequest) async throws -> Page<ChannelRecord> {
        try await sql.read { connection in
            let rows = try connection.rows(
                "SELECT * FROM notification_channels WHERE id > ? ORDER BY id LIMIT ?",
                [.text(try page.after() ?? ""), SQLValue(page.limit + 1)])
            return Page(try rows.map(ChannelRecord.init(row:)), limit: page.limit, id: \.id.string)
        }
    }

    package func updateChannel(_ channel: ChannelRecord) async throws {
        let settings = try channel.settings
        try await sql.write { connection in
            try connection.unique("a channel named '\(channel.name)' is there already") {
                let changed = try connection.run(
                    """
                    UPDATE notification_channels SET name = ?, kind = ?, settings = ?, sealed_secret = ?, enabled = ?, muted = ?
                    WHERE id = ?
                    """, settings + [.text(channel.id.string)])
                guard changed == 1 else { throw ControlError.notFound(kind: "channel", id: channel.id.string) }
            }
            try connection.wake("notifications")
        }
    }

    package func deleteChannel(_ id: ChannelRecord.ID) async throws {
        try await sql.write { connection in
            guard try connection.run("DELETE FROM notification_channels WHERE id = ?", [.text(id.string)]) == 1 else {
                throw ControlError.notFound(kind: "channel", id: id.string)
            }
        }
    }

    // MARK: Notices

    package func mutedKinds() async throws -> Set<Notice.Kind> { try await sql.read { try $0.mutedKinds() } }

    package func setMutedKinds(_ kinds: Set<Notice.Kind>) async throws {
        let words = kinds.map(\.rawValue).sorted().joined(separator: " ")
        try await sql.write { connection in
            _ = try connection.run(
                """
                INSERT INTO settings (name, value) VALUES ('muted_notices', ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, [.text(words)])
        }
    }

    package func addNotice(_ notice: Notice) async throws { try await sql.write { try $0.notify(notice) } }

    package func nextDeliveryAt() async throws -> Date? {
        try await sql.read { connection in
            try connection.row(
                """
                SELECT next_attempt_at FROM notifications WHERE next_attempt_at IS NOT NULL
                ORDER BY next_attempt_at LIMIT 1
                """
            )?.date("next_attempt_at")
        }
    }

    package func pruneNotices(before time: Date) async throws {
        let batch = 1000
        while try await sql.write({ connection in
            try connection.run(
                """
                DELETE FROM notifications WHERE id IN (
                    SELECT id FROM notifications WHERE created_at < ? ORDER BY created_at LIMIT ?)
                """, [SQLValue(time), SQLValue(batch)])
        }) == batch {}
    }
}

extension ChannelRecord {
    /// Where it leads, as it is stored beside the kind.
    private struct Settings: Codable {
        var email: Email?
        var chat: String?
        var url: String?
    }

    init(row: SQLRow) throws {
        let settings = try row.json("settings", as: Settings.self)
        let place: Place? =
            switch try row.text("kind") {
            case "email": settings.email.map { .email($0) }
            case "telegram": settings.chat.map { .telegram(chat: $0) }
            case "slack": .slack
            case "discord": .discord
            case "webhook": settings.url.map { .webhook(url: $0) }
            default: nil
            }
        guard let place else { throw ControlStoreError.badValue(column: "settings") }
        self.init(
            id: ID(try row.text("id")), name: try row.text("name"), place: place,
            sealedSecret: try row.optionalBytes("sealed_secret"), isEnabled: try row.flag("enabled"),
            muted: Set(try row.text("muted").split(separator: " ").compactMap { Notice.Kind(rawValue: String($0)) }),
            createdAt: try row.date("created_at"), lastSentAt: try row.optionalDate("last_sent_at"),
            lastError: try row.text("last_error"))
    }

    /// All that a person may change, in the order of the statements above.
    fileprivate var settings: [SQLValue] {
        get throws {
            var settings = Settings()
            switch place {
            case .email(let email): settings.email = email
            case .telegram(let chat): settings.chat = chat
            case .webhook(let url): settings.url = url
            case .slack, .discord: break
            }
            return [
                .text(name), .text(place.kind), .text(try JSONText.of(settings)), SQLValue(sealedSecret),
                SQLValue(isEnabled), .text(muted.map(\.rawValue).sorted().joined(separator: " ")),
            ]
        }
    }
}
