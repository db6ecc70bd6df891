package import BackupCore
internal import FoundationEssentials

/// Everything that the control plane remembers. One extension for each port of BackupControl.
package struct ControlDatabase: Sendable {
    package let sql: any SQLDatabase

    /// - Parameter address: `postgres://…` or `postgresql://…`; everything else is the path of SQLite's file.
    /// - Throws: ``ControlStoreError``, before anything was changed in a database of a newer version.
    package static func open(_ address: Secret) async throws -> ControlDatabase {
        let text = address.revealed
        let sql: any SQLDatabase =
            text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
            ? try PostgreSQLDatabase(address) : try await openFile(text)
        return try await ControlDatabase(sql)
    }

    /// SQLite waits for nobody while it makes a new file one with a write-ahead log: whoever comes at the same moment is refused.
    private static func openFile(_ path: String) async throws -> SQLiteDatabase {
        for _ in 1..<openingAttempts {
            do {
                return try SQLiteDatabase(path: path)
            } catch ControlStoreError.contention {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...100)))
            }
        }
        return try SQLiteDatabase(path: path)
    }

    /// 3 s on the average.
    private static let openingAttempts = 50

    package init(_ sql: any SQLDatabase) async throws {
        self.sql = sql
        do {
            try await Migrations.run(on: sql)
        } catch {
            await sql.close()
            throw error
        }
    }

    package func close() async { await sql.close() }
}
