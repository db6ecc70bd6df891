package import BackupControl
package import FoundationEssentials

extension ControlDatabase: IdempotencyStore {
    package func reserveIdempotency(
        scope: String, key: String, requestHash: [UInt8], at time: Date, staleBefore: Date
    ) async throws -> IdempotencyOutcome {
        try await sql.write { connection in
            let place: [SQLValue] = [.text(scope), .text(key)]
            try connection.run(
                "DELETE FROM idempotency_keys WHERE scope = ? AND key = ? AND status = 0 AND created_at < ?",
                place + [SQLValue(staleBefore)])
            try connection.run(
                "DELETE FROM idempotency_keys WHERE scope = ? AND key = ? AND created_at < ?",
                place + [SQLValue(time.addingTimeInterval(-24 * 3600))])
            // Of two at once, one inserts, and the other waits for it and finds its row.
            let isFirst = try connection.run(
                """
                INSERT INTO idempotency_keys (scope, key, request_hash, status, response, created_at)
                VALUES (?, ?, ?, 0, '', ?) ON CONFLICT (scope, key) DO NOTHING
                """,
                place + [.bytes(requestHash), SQLValue(time)])
            if isFirst == 1 { return .first }
            guard let row = try connection.row("SELECT * FROM idempotency_keys WHERE scope = ? AND key = ?", place)
            else { return .underway }
            guard try row.bytes("request_hash") == requestHash else { return .otherRequest }
            let status = try row.int("status")
            return status == 0 ? .underway : .answered(status: status, response: try row.text("response"))
        }
    }

    package func releaseIdempotency(_ claim: IdempotencyClaim) async throws {
        try await sql.write { connection in
            _ = try connection.run(
                "DELETE FROM idempotency_keys WHERE scope = ? AND key = ? AND status = 0 AND created_at = ?",
                [.text(claim.scope), .text(claim.key), SQLValue(claim.begunAt)])
        }
    }

    package func deleteIdempotency(before time: Date) async throws {
        try await sql.write { _ = try $0.run("DELETE FROM idempotency_keys WHERE created_at < ?", [SQLValue(time)]) }
    }
}

extension SQLConnection {
    /// In the transaction of what is answered.
    /// - Throws: ``ControlError/conflict(_:)`` where the request was taken over: who has it now does what it asks for.
    func keep(_ answer: KeptAnswer?) throws {
        guard let answer else { return }
        let changed = try run(
            """
            UPDATE idempotency_keys SET status = ?, response = ?
            WHERE scope = ? AND key = ? AND status = 0 AND created_at = ?
            """,
            [
                SQLValue(answer.status), .text(answer.response), .text(answer.claim.scope), .text(answer.claim.key),
                SQLValue(answer.claim.begunAt),
            ])
        guard changed == 1 else { throw ControlError.conflict("the same request was begun again meanwhile") }
    }
}
