package import BackupControl
package import BackupCore

extension ControlDatabase: KeyStore {
    package func runKeys(notUnder keyID: String, after: BackupID?, limit: Int) async throws -> [WrappedKey] {
        try await sql.read { connection in
            try connection.rows(
                """
                SELECT id, key_id, wrapped_key FROM runs
                WHERE key_id IS NOT NULL AND wrapped_key IS NOT NULL AND key_id <> ? AND id > ? ORDER BY id LIMIT ?
                """, [.text(keyID), .text(after?.string ?? ""), SQLValue(limit)]
            ).map { row in
                WrappedKey(
                    runID: try BackupID(try row.text("id")), keyID: try row.text("key_id"),
                    wrapped: try row.bytes("wrapped_key"))
            }
        }
    }

    package func replace(_ old: WrappedKey, by new: WrappedKey) async throws {
        try await sql.write { connection in
            try connection.run(
                "UPDATE runs SET key_id = ?, wrapped_key = ? WHERE id = ? AND wrapped_key = ?",
                [.text(new.keyID), .bytes(new.wrapped), .text(old.runID.string), .bytes(old.wrapped)])
        }
    }

    package func sealedSecrets(
        _ kind: SealedSecret.Kind, after: String?, limit: Int
    ) async throws -> [SealedSecret] {
        let (table, column) = kind.place
        return try await sql.read { connection in
            try connection.rows(
                "SELECT id, \(column) FROM \(table) WHERE \(column) IS NOT NULL AND id > ? ORDER BY id LIMIT ?",
                [.text(after ?? ""), SQLValue(limit)]
            ).map { SealedSecret(kind: kind, id: try $0.text("id"), sealed: try $0.bytes(column)) }
        }
    }

    package func replace(_ old: SealedSecret, by sealed: [UInt8]) async throws {
        let (table, column) = old.kind.place
        try await sql.write { connection in
            try connection.run(
                "UPDATE \(table) SET \(column) = ? WHERE id = ? AND \(column) = ?",
                [.bytes(sealed), .text(old.id), .bytes(old.sealed)])
        }
    }
}

extension SealedSecret.Kind {
    fileprivate var place: (table: String, column: String) {
        switch self {
        case .targets: ("targets", "sealed_password")
        case .storage: ("storage_profiles", "sealed_secret")
        case .channels: ("notification_channels", "sealed_secret")
        case .secondFactors: ("users", "totp_secret")
        }
    }
}
