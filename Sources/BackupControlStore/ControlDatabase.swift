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
            ? try PostgreSQLDatabase(address) : try SQLiteDatabase(path: text)
        return try await ControlDatabase(sql)
    }

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
