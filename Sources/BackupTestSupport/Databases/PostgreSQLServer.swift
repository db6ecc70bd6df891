internal import BackupCore
internal import Foundation

/// A real PostgreSQL server of a test's own, on a free port; its superuser is `owner` with the password ``password``.
package final class PostgreSQLServer: Sendable {
    package static let password = "s3cret'pass word"

    package let port: Int
    package let folder: TemporaryFolder
    private let process: TestProcess
    private let binaries: String

    /// - Parameter version: the major version; nil for Debian's own.
    package init(version: Int? = nil, settings: [String: String] = [:]) async throws {
        folder = try TemporaryFolder(mode: 0o755)
        port = try FreePort.next()
        let binaries = try version.map { try Self.binaries(of: $0) } ?? Self.newestBinaries()
        self.binaries = binaries
        let data = folder("data")
        _ = FileManager.default.createFile(atPath: folder("password"), contents: Data(Self.password.utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder("password"))
        var user: [String] = []
        if geteuid() == 0 {
            // PostgreSQL refuses to run as root.
            user = ["/usr/sbin/runuser", "-u", "postgres", "--"]
            try TestProcess.run("/bin/chown", ["postgres", folder.path])
        }
        let initialise =
            user + [
                "\(binaries)/initdb", "-D", data, "-U", "owner", "--pwfile=\(folder("password"))",
                "--auth=scram-sha-256", "--no-sync",
                "-E", "UTF8", "--no-locale",
            ]
        let made = try TestProcess.run(initialise[0], Array(initialise.dropFirst()), in: folder.path)
        guard made.status == 0 else { throw TestFailure("initdb: \(made.errors)") }
        let all = settings.merging([
            "port": "\(port)", "listen_addresses": "127.0.0.1", "unix_socket_directories": folder.path, "fsync": "off",
            "max_locks_per_transaction": "256", "shared_buffers": "32MB",
        ]) { mine, _ in mine }
        let start = user + ["\(binaries)/postgres", "-D", data] + all.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        // So that extensions of another version don't find Debian's libpq.
        let libraries = version == nil ? [:] : ["LD_LIBRARY_PATH": "\(binaries)/../lib"]
        process = try TestProcess(
            start[0], Array(start.dropFirst()), environment: libraries, in: folder.path, log: folder("log"))
        try await process.waitForPort(port)
        let port = port
        try await eventually("PostgreSQL takes connections") { [process] in
            guard process.isRunning else { throw TestFailure("PostgreSQL ended: \(process.words.suffix(2000))") }
            return try TestProcess.run(
                "\(binaries)/pg_isready", ["-h", "127.0.0.1", "-p", "\(port)", "-q"]
            ).status == 0
        }
    }

    /// The log of the server so far.
    package var log: String { process.words }

    /// `host=…` without a database, for what psql and libpq take.
    package var environment: [String: String] {
        ["PGHOST": "127.0.0.1", "PGPORT": "\(port)", "PGUSER": "owner", "PGPASSWORD": Self.password]
    }

    /// With the password inside.
    package func url(_ database: String = "", user: String = "owner", password: String = PostgreSQLServer.password)
        -> String
    {
        let encode = { (text: String) in text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text }
        return "postgres://\(encode(user)):\(encode(password))@127.0.0.1:\(port)/\(encode(database))"
    }

    package func createDatabase(_ name: String) throws {
        try sql("CREATE DATABASE \"\(name.replacingBytes("\"", with: "\"\""))\" TEMPLATE template0")
    }

    /// Runs SQL with psql; returns what it prints, unaligned and without headings.
    @discardableResult
    package func sql(_ text: String, in database: String = "postgres") throws -> String {
        let name = "dbname='\(database.replacingBytes("\\", with: "\\\\").replacingBytes("'", with: "\\'"))'"
        let outcome = try TestProcess.run(
            "\(binaries)/psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", name], environment: environment, input: text)
        guard outcome.status == 0 else { throw TestFailure("psql: \(outcome.errors)") }
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    /// The whole database as SQL text, without what differs between two dumps of equal databases.
    package func dumpText(_ database: String) throws -> String {
        let name = "dbname='\(database.replacingBytes("\\", with: "\\\\").replacingBytes("'", with: "\\'"))'"
        let outcome = try TestProcess.run("\(binaries)/pg_dump", ["-d", name], environment: environment)
        guard outcome.status == 0 else { throw TestFailure("pg_dump: \(outcome.errors)") }
        return outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
            // A random word against injected psql commands, since the minor versions of August 2025.
            .filter { !$0.hasPrefix("\\restrict ") && !$0.hasPrefix("\\unrestrict ") }.joined(separator: "\n")
    }

    /// Where the programs of a version are that is not Debian's.
    package static func binaries(of version: Int) throws -> String {
        let path = try TestTools.path("python").replacing("/bin/python", with: "/postgresql/\(version)/bin")
        guard FileManager.default.isExecutableFile(atPath: path + "/postgres") else {
            throw TestFailure("no PostgreSQL \(version) at \(path): script/setup installs it")
        }
        return path
    }

    private static func newestBinaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = try FileManager.default.contentsOfDirectory(atPath: root).compactMap { Int($0) }.sorted()
        guard let newest = versions.last else {
            throw TestFailure("no PostgreSQL server is installed: script/setup installs it")
        }
        return "\(root)/\(newest)/bin"
    }
}
