import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation

/// The databases that every test of the store runs on.
enum DatabaseKind: CaseIterable, Sendable {
    case sqlite
    case postgresql
}

/// An empty database of a test's own, and as many ways to it as the test asks for.
final class DatabaseFixture: Sendable {
    private let folder: TemporaryFolder
    private let server: PostgreSQLServer?
    let address: Secret

    init(_ kind: DatabaseKind) async throws {
        folder = try TemporaryFolder()
        switch kind {
        case .sqlite:
            server = nil
            address = Secret(folder("control.db"))
        case .postgresql:
            let server = try await PostgreSQLServer()
            // Its own order of texts is not that of their bytes: `~` comes before letters, `a` before `B`.
            try server.sql(
                "CREATE DATABASE control TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'")
            self.server = server
            address = Secret(server.url("control"))
        }
    }

    /// Ends the connections of every replica, as an administrator or a failover does.
    func cutConnections() throws {
        try sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'backupy-server'")
    }

    func open() async throws -> ControlDatabase { try await ControlDatabase.open(address) }

    /// What an operator would do with psql or sqlite3.
    @discardableResult
    func sql(_ text: String) throws -> String {
        if let server { return try server.sql(text, in: "control") }
        let outcome = try TestProcess.run("/usr/bin/sqlite3", [address.revealed, text])
        guard outcome.status == 0 else { throw TestFailure(outcome.errors) }
        return outcome.output.trimmingCharacters(in: .newlines)
    }
}
