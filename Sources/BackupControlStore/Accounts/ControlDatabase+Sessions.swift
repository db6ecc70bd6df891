package import BackupControl
internal import BackupCore
package import FoundationEssentials

extension ControlDatabase {
    package func addSession(_ session: SessionRecord, limit: Int) async throws {
        try await sql.write { connection in
            try connection.run(
                """
                INSERT INTO sessions (token_hash, user_id, csrf_token, address, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .bytes(session.tokenHash), .text(session.userID.string), .text(session.csrfToken.revealed),
                    .text(session.address), SQLValue(session.createdAt), SQLValue(session.expiresAt),
                ])
            try connection.run(
                """
                DELETE FROM sessions WHERE user_id = ? AND token_hash NOT IN
                    (SELECT token_hash FROM sessions WHERE user_id = ? ORDER BY created_at DESC LIMIT ?)
                """,
                [.text(session.userID.string), .text(session.userID.string), SQLValue(limit)])
        }
    }

    package func session(tokenHash: [UInt8]) async throws -> (session: SessionRecord, user: UserRecord)? {
        try await sql.read { connection in
            guard let row = try connection.row("SELECT * FROM sessions WHERE token_hash = ?", [.bytes(tokenHash)]),
                let user = try connection.row("SELECT * FROM users WHERE id = ?", [.text(try row.text("user_id"))])
            else { return nil }
            let session = SessionRecord(
                tokenHash: tokenHash, userID: Identifier(try row.text("user_id")),
                csrfToken: Secret(try row.text("csrf_token")), address: try row.text("address"),
                createdAt: try row.date("created_at"), expiresAt: try row.date("expires_at"))
            return (session, try user.user())
        }
    }

    package func deleteSession(tokenHash: [UInt8]) async throws {
        try await sql.write { _ = try $0.run("DELETE FROM sessions WHERE token_hash = ?", [.bytes(tokenHash)]) }
    }

    package func deleteSessions(of user: UserRecord.ID, except tokenHash: [UInt8]?) async throws {
        try await sql.write { connection in
            _ = try connection.run(
                "DELETE FROM sessions WHERE user_id = ? AND token_hash <> ?",
                [.text(user.string), .bytes(tokenHash ?? [])])
        }
    }

    package func deleteSessions(expiredBefore time: Date) async throws {
        try await sql.write { _ = try $0.run("DELETE FROM sessions WHERE expires_at < ?", [SQLValue(time)]) }
    }

    package func addToken(_ token: APITokenRecord, tokenHash: [UInt8]) async throws {
        try await sql.write { connection in
            _ = try connection.run(
                """
                INSERT INTO api_tokens (id, user_id, name, role, token_hash, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(token.id.string), .text(token.userID.string), .text(token.name),
                    .text(token.role.rawValue), .bytes(tokenHash), SQLValue(token.createdAt),
                    SQLValue(token.expiresAt),
                ])
        }
    }

    package func token(tokenHash: [UInt8]) async throws -> (token: APITokenRecord, user: UserRecord)? {
        try await sql.read { connection in
            guard let row = try connection.row("SELECT * FROM api_tokens WHERE token_hash = ?", [.bytes(tokenHash)]),
                let user = try connection.row("SELECT * FROM users WHERE id = ?", [.text(try row.text("user_id"))])
            else { return nil }
            return (try row.token(), try user.user())
        }
    }

    package func tokens(of user: UserRecord.ID, _ page: PageRequest) async throws -> Page<APITokenRecord> {
        let after = try page.after()
        return try await sql.read { connection in
            let found = try connection.rows(
                "SELECT * FROM api_tokens WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
                [.text(user.string), .text(after ?? "~"), SQLValue(page.limit + 1)])
            return Page(try found.map { try $0.token() }, limit: page.limit) { $0.id.string }
        }
    }

    package func deleteToken(_ id: APITokenRecord.ID, of user: UserRecord.ID) async throws -> Bool {
        try await sql.write { connection in
            try connection.run(
                "DELETE FROM api_tokens WHERE id = ? AND user_id = ?", [.text(id.string), .text(user.string)]) == 1
        }
    }

    package func recordTokenUse(_ id: APITokenRecord.ID, at time: Date) async throws {
        try await sql.write { connection in
            _ = try connection.run(
                "UPDATE api_tokens SET last_used_at = ? WHERE id = ?", [SQLValue(time), .text(id.string)])
        }
    }
}

extension SQLRow {
    fileprivate func token() throws -> APITokenRecord {
        APITokenRecord(
            id: Identifier(try text("id")), userID: Identifier(try text("user_id")), name: try text("name"),
            role: try word("role"), createdAt: try date("created_at"), expiresAt: try optionalDate("expires_at"),
            lastUsedAt: try optionalDate("last_used_at"))
    }
}
