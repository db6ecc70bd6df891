internal import BackupCore
internal import Foundation

/// A real MariaDB server of a test's own, on a free port and a socket; its superuser is `owner` with the password
/// ``password``, from everywhere.
package final class MariaDBServer: Sendable {
    package static let password = "s3cret'pass \"word#\\;"

    package let port: Int
    package let folder: TemporaryFolder
    private let process: TestProcess

    package init(settings: [String: String] = [:]) async throws {
        folder = try TemporaryFolder(mode: 0o755)
        port = try FreePort.next()
        let data = folder("data")
        var user: [String] = []
        if geteuid() == 0 {
            // As with PostgreSQL, not as root. The package without the service brings no user of its own.
            user = ["--user=nobody"]
            try TestProcess.run("/bin/chown", ["nobody", folder.path])
        }
        let made = try TestProcess.run(
            "/usr/bin/mariadb-install-db",
            ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--datadir=\(data)"] + user)
        guard made.status == 0 else { throw TestFailure("mariadb-install-db: \(made.errors) \(made.output)") }
        let all = settings.merging([
            "datadir": data, "port": "\(port)", "bind-address": "127.0.0.1", "socket": folder("socket"),
            "pid-file": folder("pid"), "innodb-buffer-pool-size": "32M", "innodb-flush-log-at-trx-commit": "0",
            "lower-case-table-names": "0",
        ]) { mine, _ in mine }
        process = try TestProcess(
            "/usr/sbin/mariadbd", ["--no-defaults"] + user + all.map { "--\($0.key)=\($0.value)" }, in: folder.path,
            log: folder("log"))
        try await process.waitForPort(port)
        let password = Self.password.replacingBytes("\\", with: "\\\\").replacingBytes("'", with: "\\'")
        let outcome = try TestProcess.run(
            "/usr/bin/mariadb", ["--no-defaults", "--socket=\(folder("socket"))", "--user=root"],
            input: """
                CREATE USER owner@'%' IDENTIFIED BY '\(password)'; GRANT ALL ON *.* TO owner@'%' WITH GRANT OPTION;
                GRANT PROXY ON ''@'%' TO owner@'%' WITH GRANT OPTION;
                """)
        guard outcome.status == 0 else { throw TestFailure("mariadb: \(outcome.errors)") }
    }

    package var log: String { process.words }
    package func stop() { process.stop() }

    /// With the password inside; without a database, for all of the server.
    package func url(
        _ database: String = "", user: String = "owner", password: String = MariaDBServer.password,
        parameters: String = ""
    ) -> String {
        let encode = { (text: String) in text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text }
        return "mariadb://\(encode(user)):\(encode(password))@127.0.0.1:\(port)/\(encode(database))\(parameters)"
    }

    package func createDatabase(_ name: String) throws {
        try sql("CREATE DATABASE `\(name.replacingBytes("`", with: "``"))`")
    }

    /// Runs SQL as root; returns what it prints, tab-separated and without headings.
    @discardableResult
    package func sql(_ text: String, in database: String? = nil) throws -> String {
        let outcome = try TestProcess.run(
            "/usr/bin/mariadb",
            [
                "--no-defaults", "--socket=\(folder("socket"))", "--user=root", "--batch", "--skip-column-names",
                "--default-character-set=utf8mb4", "--binary-mode",
            ] + (database.map { ["--database=\($0)"] } ?? []), input: text)
        guard outcome.status == 0 else { throw TestFailure("mariadb: \(outcome.errors)") }
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    /// The whole database as SQL text, without what differs between two dumps of equal databases.
    package func dumpText(_ database: String) throws -> String {
        let outcome = try TestProcess.run(
            "/usr/bin/mariadb-dump",
            [
                "--no-defaults", "--socket=\(folder("socket"))", "--user=root", "--routines", "--events", "--triggers",
                "--hex-blob", "--skip-comments", "--dump-history", "--order-by-primary", "--skip-extended-insert",
                "--default-character-set=utf8mb4", "--", database,
            ])
        guard outcome.status == 0 else { throw TestFailure("mariadb-dump: \(outcome.errors)") }
        return outcome.output
    }
}
