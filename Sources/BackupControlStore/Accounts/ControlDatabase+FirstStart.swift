package import BackupControl
package import FoundationEssentials

/// The way to the first account. Whoever changes something here waits for everybody else who does.
extension ControlDatabase {
    package func addFirstUser(_ user: UserRecord, setupTokenHash: [UInt8]) async throws -> Bool {
        try await sql.write { connection in
            try Self.lockFirstStart(connection)
            guard try !Self.hasUsers(connection),
                try connection.row(
                    "SELECT created_at FROM setup_tokens WHERE token_hash = ?", [.bytes(setupTokenHash)]) != nil
            else { return false }
            try Self.insert(user, connection)
            try connection.run("DELETE FROM setup_tokens")
            return true
        }
    }

    package func addSetupToken(hash: [UInt8], at time: Date, limit: Int) async throws -> Bool {
        try await sql.write { connection in
            try Self.lockFirstStart(connection)
            guard try !Self.hasUsers(connection) else { return false }
            try connection.run(
                "INSERT INTO setup_tokens (token_hash, created_at) VALUES (?, ?)", [.bytes(hash), SQLValue(time)])
            try connection.run(
                """
                DELETE FROM setup_tokens WHERE token_hash NOT IN
                    (SELECT token_hash FROM setup_tokens ORDER BY created_at DESC, token_hash LIMIT ?)
                """, [SQLValue(limit)])
            return true
        }
    }

    package func hasSetupToken(hash: [UInt8]) async throws -> Bool {
        try await sql.read { connection in
            try connection.row("SELECT created_at FROM setup_tokens WHERE token_hash = ?", [.bytes(hash)]) != nil
        }
    }

    package func hasUsers() async throws -> Bool { try await sql.read { try Self.hasUsers($0) } }

    private static func hasUsers(_ connection: any SQLConnection) throws -> Bool {
        try connection.row("SELECT id FROM users LIMIT 1") != nil
    }

    /// Writes the row, so that it is locked whether it was there or not: a lock of what is not there yet holds nobody up. What the others
    /// have committed is seen by the statements that follow.
    private static func lockFirstStart(_ connection: any SQLConnection) throws {
        try connection.run(
            """
            INSERT INTO settings (name, value) VALUES ('first_start', '')
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }
}
