package import BackupControl
internal import BackupCore

extension ControlDatabase: AccountStore {
    package func addUser(_ user: UserRecord) async throws {
        try await sql.write { connection in
            try Self.naming("the address \(user.email) is taken") { try Self.insert(user, connection) }
        }
    }

    package func user(_ id: UserRecord.ID) async throws -> UserRecord? {
        try await sql.read { try $0.row("SELECT * FROM users WHERE id = ?", [.text(id.string)])?.user() }
    }

    package func user(email: String) async throws -> UserRecord? {
        try await sql.read { try $0.row("SELECT * FROM users WHERE email = ?", [.text(email)])?.user() }
    }

    package func users(_ page: PageRequest) async throws -> Page<UserRecord> {
        let after = try page.after()
        return try await sql.read { connection in
            let found = try connection.rows(
                "SELECT * FROM users WHERE id < ? ORDER BY id DESC LIMIT ?",
                [.text(after ?? "~"), SQLValue(page.limit + 1)])
            return Page(try found.map { try $0.user() }, limit: page.limit) { $0.id.string }
        }
    }

    package func updateUser(_ user: UserRecord, replacing before: UserRecord) async throws {
        try await sql.write { connection in
            try Self.lockOwners(connection)
            let row = try connection.row(
                "SELECT * FROM users WHERE id = ? \(connection.dialect.forUpdate)", [.text(user.id.string)])
            guard let now = try row?.user() else { throw ControlError.notFound(kind: "user", id: user.id.string) }
            guard now.isSameAccount(as: before) else {
                throw ControlError.conflict("the account was changed meanwhile: look at it, and try again")
            }
            try Self.naming("the address \(user.email) is taken") {
                try connection.run(
                    """
                    UPDATE users SET email = ?, name = ?, role = ?, password_hash = ?, totp_secret = ?, totp_enabled = ?,
                        disabled_at = ? WHERE id = ?
                    """,
                    [
                        .text(user.email), .text(user.name), .text(user.role.rawValue),
                        .text(user.passwordHash.revealed), SQLValue(user.sealedTOTP), SQLValue(user.isTOTPEnabled),
                        SQLValue(user.disabledAt), .text(user.id.string),
                    ])
            }
            try Self.checkOwners(connection)
        }
    }

    package func deleteUser(_ id: UserRecord.ID) async throws {
        try await sql.write { connection in
            try Self.lockOwners(connection)
            try connection.run("DELETE FROM users WHERE id = ?", [.text(id.string)])
            try Self.checkOwners(connection)
        }
    }

    package func takeTOTPStep(_ step: Int64, of user: UserRecord.ID) async throws -> Bool {
        try await sql.write { connection in
            try connection.run(
                "UPDATE users SET totp_last_step = ? WHERE id = ? AND totp_last_step < ?",
                [.integer(step), .text(user.string), .integer(step)]) == 1
        }
    }

    package func setting(_ name: String) async throws -> String? {
        try await sql.read { try $0.row("SELECT value FROM settings WHERE name = ?", [.text(name)])?.text("value") }
    }

    package func setSetting(_ name: String, _ value: String?) async throws {
        try await sql.write { connection in
            guard let value else {
                try connection.run("DELETE FROM settings WHERE name = ?", [.text(name)])
                return
            }
            // Replicas that start together set the same one.
            try connection.run(
                """
                INSERT INTO settings (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, [.text(name), .text(value)])
        }
    }

    /// - Returns: the value that stands: this one, where there was none.
    package func firstSetting(_ name: String, _ value: String) async throws -> String {
        try await sql.write { connection in
            try connection.run(
                "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                [.text(name), .text(value)])
            return try connection.row("SELECT value FROM settings WHERE name = ?", [.text(name)])?.text("value")
                ?? value
        }
    }

    // MARK: Within a write

    static func insert(_ user: UserRecord, _ connection: any SQLConnection) throws {
        try connection.run(
            """
            INSERT INTO users (id, email, name, role, password_hash, totp_secret, totp_enabled, totp_last_step, created_at,
                disabled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(user.id.string), .text(user.email), .text(user.name), .text(user.role.rawValue),
                .text(user.passwordHash.revealed), SQLValue(user.sealedTOTP), SQLValue(user.isTOTPEnabled),
                .integer(user.lastTOTPStep), SQLValue(user.createdAt), SQLValue(user.disabledAt),
            ])
    }

    /// Two owners who demote each other at once wait for each other here.
    private static func lockOwners(_ connection: any SQLConnection) throws {
        _ = try connection.rows("SELECT id FROM users WHERE role = 'owner' ORDER BY id \(connection.dialect.forUpdate)")
    }

    private static func checkOwners(_ connection: any SQLConnection) throws {
        guard try connection.row("SELECT id FROM users WHERE role = 'owner' AND disabled_at IS NULL LIMIT 1") != nil
        else { throw ControlError.conflict("there must be an owner who can log in") }
    }

    private static func naming(_ conflict: String, _ body: () throws -> Void) throws {
        do { try body() } catch ControlStoreError.duplicate { throw ControlError.conflict(conflict) }
    }
}

extension UserRecord {
    /// In all that ``AccountStore/updateUser(_:replacing:)`` writes.
    fileprivate func isSameAccount(as other: UserRecord) -> Bool {
        (email, name, role, isTOTPEnabled, disabledAt) == (
            other.email, other.name, other.role, other.isTOTPEnabled, other.disabledAt
        ) && passwordHash.revealed == other.passwordHash.revealed && sealedTOTP == other.sealedTOTP
    }
}

extension SQLRow {
    func user() throws -> UserRecord {
        UserRecord(
            id: Identifier(try text("id")), email: try text("email"), name: try text("name"), role: try word("role"),
            passwordHash: Secret(try text("password_hash")), sealedTOTP: try optionalBytes("totp_secret"),
            isTOTPEnabled: try flag("totp_enabled"), lastTOTPStep: try integer("totp_last_step"),
            createdAt: try date("created_at"), disabledAt: try optionalDate("disabled_at"))
    }
}
