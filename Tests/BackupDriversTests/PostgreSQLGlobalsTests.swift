import BackupCore
import BackupTestSupport
import Foundation
import Testing

@testable import BackupDrivers

/// Roles and tablespaces, of honest archives and of forged ones.
@Suite struct PostgreSQLGlobalsTests {
    private func statements(_ text: String, piece: Int = 1) throws -> [String] {
        var statements = SQLStatements()
        var all: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { part in
                try statements.take(part) { all.append($0) }
            }
        }
        try statements.finish()
        return all
    }

    @Test(arguments: [1, 7, 1000]) func statementsAreCutWhereTheyEnd(_ piece: Int) throws {
        let text = #"""
            -- a; b 'c
            \restrict x;y
            SET a = 'b;''c';
            CREATE ROLE "x;--""y"; COMMENT ON ROLE x IS E'it''s \\'; ALTER ROLE "e"'plain\'; GRANT a TO b;
            COMMENT ON ROLE y IS 'two
            \! lines';
            \unrestrict x;y
            -- end
            """#
        #expect(
            try statements(text, piece: piece) == [
                "SET a = 'b;''c'", #"CREATE ROLE "x;--""y""#, #"COMMENT ON ROLE x IS E'it''s \\'"#,
                #"ALTER ROLE "e"'plain\'"#, "GRANT a TO b", "COMMENT ON ROLE y IS 'two\n\\! lines'",
            ])
    }

    @Test(arguments: [
        "\\! id\n", "CREATE ROLE x \\! id\n;", "\\restrictx\n", "'\\'; \\! id\n", "\\connect x\n", "\\",
        "CREATE ROLE x",
        "'open", "\"open", "a\0b;", "\\copy x to program 'id'\n",
    ])
    func whatIsNoStatementIsRefused(_ text: String) {
        let error = #expect(throws: DriverError.self) { try statements(text) }
        #expect(error?.code == "driver.damaged_archive")
    }

    @Test func aForgedArchiveRunsNothingHere() async throws {
        let server = try await PostgreSQLServer()
        let mark = server.folder("mark")
        for command in ["\\! touch \(mark)\n", "CREATE ROLE x; SELECT 1 \\! touch \(mark)\n;"] {
            let archive = try PostgreSQLVersionTests.archive([:], globals: command)
            let failure = await #expect(throws: RestoreFailure.self) {
                try await DriverRegistry.test(server.url()).restored(archive, from: "PostgreSQL 15.0")
            }
            #expect(failure?.code == "driver.damaged_archive")
            #expect(!FileManager.default.fileExists(atPath: mark))
        }
    }

    /// The backup has the password that the role had there.
    @Test func theRoleThatRestoresKeepsItsPassword() async throws {
        let server = try await PostgreSQLServer()
        try server.sql("CREATE ROLE \"ann o'x\" LOGIN PASSWORD 'pw'; ALTER ROLE owner SET work_mem = '5MB'")
        for name in ["one", "two"] { try server.createDatabase(name) }
        let dump = try await DriverRegistry.test(server.url()).dumped()
        let other = try await PostgreSQLServer()
        try other.sql("ALTER ROLE owner PASSWORD 'another'; CREATE ROLE \"ann o'x\"")
        let target = try DriverRegistry.test(other.url(password: "another"))
        try await target.restored(dump, from: "PostgreSQL 15.0")
        for url in [other.url("two", password: "another"), other.url("one", user: "ann o'x", password: "pw")] {
            #expect(try await DriverRegistry.test(url).probe().isEmpty)
        }
    }

    /// Behind more words than anybody keeps.
    @Test func aFailureIsNotLostAmongRolesThatExist() async throws {
        let server = try await PostgreSQLServer()
        let roles = (0..<300).map { "CREATE ROLE role_with_a_long_name_\($0);\n" }.joined()
        try server.sql(roles)
        let globals = "CREATE TABLESPACE x LOCATION '/nowhere/at/all';\n" + roles
        let archive = try PostgreSQLVersionTests.archive([:], globals: globals)
        let failure = await #expect(throws: RestoreFailure.self) {
            try await DriverRegistry.test(server.url()).restored(archive, from: "PostgreSQL 15.0")
        }
        #expect(failure?.code == "driver.query_failed" && failure?.message.contains("/nowhere/at/all") == true)
        let harmless = try PostgreSQLVersionTests.archive([:], globals: roles)
        try await DriverRegistry.test(server.url()).restored(harmless, from: "PostgreSQL 15.0")
    }

    @Test func tablespacesComeBack() async throws {
        let server = try await PostgreSQLServer()
        let other = try await PostgreSQLServer()
        // One directory for both, one after the other: a tablespace's place is part of the backup.
        let place = server.folder("space\\ ü")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        if geteuid() == 0 { try TestProcess.run("/bin/chown", ["postgres", place]) }
        try server.sql("CREATE TABLESPACE \"fast;\"\"disk\" LOCATION '\(place)'")
        try server.sql("ALTER TABLESPACE \"fast;\"\"disk\" SET (random_page_cost = 1.5)")
        try server.createDatabase("app")
        try server.sql("CREATE TABLE t TABLESPACE \"fast;\"\"disk\" AS SELECT 42 AS answer", in: "app")
        let dump = try await DriverRegistry.test(server.url()).dumped()
        try server.sql("DROP TABLE t", in: "app")
        try server.sql("DROP TABLESPACE \"fast;\"\"disk\"")
        try await DriverRegistry.test(other.url()).restored(dump, from: "PostgreSQL 15.0")
        #expect(try other.sql("SELECT answer FROM t", in: "app") == "42")
        let spaces =
            "SELECT spcname, pg_tablespace_location(oid), spcoptions FROM pg_tablespace WHERE spcname !~ '^pg_'"
        #expect(try other.sql(spaces) == "fast;\"disk|\(place)|{random_page_cost=1.5}")
        let tables = "SELECT spcname FROM pg_class c JOIN pg_tablespace s ON s.oid = reltablespace WHERE relname = 't'"
        #expect(try other.sql(tables, in: "app") == "fast;\"disk")
    }
}
