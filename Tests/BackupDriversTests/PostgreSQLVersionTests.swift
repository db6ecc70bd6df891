import BackupCore
import BackupTestSupport
import Foundation
import Synchronization
import Testing

@testable import BackupDrivers

/// Tools that are newer than the server, because there are no others.
///
/// Not the nasty database: of subscriptions and inherited NOT NULL, pg_dump 17 and 18 write what older servers don't know.
@Suite struct PostgreSQLVersionTests {
    private func dump(_ server: PostgreSQLServer, _ database: String, with version: Int) throws -> [UInt8] {
        let outcome = try TestProcess.run(
            PostgreSQLServer.binaries(of: version) + "/pg_dump",
            ["-Fc", "-Z0", "-d", database, "-f", server.folder("dump")], environment: server.environment)
        guard outcome.status == 0 else { throw TestFailure("pg_dump: \(outcome.errors)") }
        return Array(try #require(FileManager.default.contents(atPath: server.folder("dump"))))
    }

    @Test(arguments: [17, 18]) func whatANewerToolWroteComesBackIntoTheOlderServer(_ version: Int) async throws {
        let server = try await PostgreSQLServer()
        try server.createDatabase("app")
        // Rows and a function's body that look like the line that is taken out, and a text that looks like a command.
        try server.sql(
            #"""
            CREATE TABLE many AS SELECT i, repeat(md5(i::text), 10) AS x FROM generate_series(1, 20000) AS i;
            ALTER TABLE many ADD PRIMARY KEY (i);
            CREATE TABLE linked (id int GENERATED ALWAYS AS IDENTITY, i int REFERENCES many, b bytea DEFAULT '\x00ff');
            INSERT INTO linked (i) SELECT i FROM many; CREATE VIEW v AS SELECT * FROM linked;
            SELECT lo_from_bytea(0, '\x00010203'); GRANT SELECT ON v TO PUBLIC; COMMENT ON TABLE many IS E'it''s\n\\! x';
            CREATE TABLE looks (t text);
            INSERT INTO looks VALUES ('SET transaction_timeout = 0;'), ('\connect x'), (E'\\! touch /tmp/x'), ('COMMIT;');
            CREATE FUNCTION looks() RETURNS text LANGUAGE sql AS $$ SELECT 'x
            SET transaction_timeout = 0;
            \connect x
            ' $$;
            """#, in: "app")
        let dump = try dump(server, "app", with: version)
        let environment = ["PATH": "/usr/bin:/bin:" + (try PostgreSQLServer.binaries(of: version))]
        let copy = try DriverRegistry.test(server.url("copy"), environment: environment)
        let tool = "pg_dump \(version).6"
        try await copy.restored(dump, from: "PostgreSQL 15.1", tool: tool, .with { $0.create = true })
        #expect(try server.dumpText("copy") == server.dumpText("app"))
        // One that fails leaves nothing.
        let half = try DriverRegistry.test(server.url("half"), environment: environment)
        let failure = await #expect(throws: RestoreFailure.self) {
            try await half.restored(
                Array(dump.prefix(dump.count / 2)), from: "PostgreSQL 15.1", tool: tool, .with { $0.create = true })
        }
        #expect(failure?.state == .unchanged && failure?.code == "driver.tool_failed", "\(String(describing: failure))")
        // One that the server refuses is said in the server's words, and leaves everything.
        try server.createDatabase("clash")
        try server.sql("CREATE TABLE public.looks ()", in: "clash")
        let clash = try DriverRegistry.test(server.url("clash"), environment: environment)
        let facts = DumpFacts(engine: .postgresql, engineVersion: "PostgreSQL 15.1", toolVersion: tool)
        let refused = await #expect(throws: RestoreFailure.self) {
            try await clash.restore(facts, options: RestoreOptions()) { sink in
                try await BlockingThread.run("test") { try dump.withUnsafeBytes { try sink.write($0) } }
            }
        }
        #expect(refused?.message.contains("already exists") == true, "\(String(describing: refused))")
        #expect(
            try server.sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", in: "clash")
                == "1")

        // As one of a whole server's, made with its properties.
        try server.sql("ALTER DATABASE app SET work_mem = '5MB'")
        let archive = try Self.archive(["app": try self.dump(server, "app", with: version)])
        let text = try server.dumpText("app")
        try server.sql("DROP DATABASE app")
        try await DriverRegistry.test(server.url(), environment: environment)
            .restored(archive, from: "PostgreSQL 15.1", tool: tool)
        #expect(try server.dumpText("app") == text)
        #expect(try server.sql("SHOW work_mem", in: "app") == "5MB")
    }

    @Test func whereNoToolFitsNothingIsChanged() async throws {
        let server = try await PostgreSQLServer()
        let driver = try DriverRegistry.test(server.url("new"))
        let error = await #expect(throws: DriverError.self) {
            try await driver.restored([], from: "PostgreSQL 15.1", tool: "pg_dump 18.6", .with { $0.create = true })
        }
        #expect(error?.code == "driver.tool_does_not_fit")
        #expect(error?.message.contains("15.") == true && error?.message.contains("pg_dump 18.6") == true)
        // A pg_restore whose SQL psql can't be kept from taking for commands.
        let folder = try TemporaryFolder()
        for tool in ["pg_restore", "psql"] {
            try folder.script(tool, "echo '\(tool) (PostgreSQL) 17.5'")
        }
        let path = ["PATH": folder.path + ":/usr/bin:/bin"]
        let old = await #expect(throws: DriverError.self) {
            try await DriverRegistry.test(server.url("new"), environment: path)
                .restored([], from: "PostgreSQL 15.1", tool: "pg_dump 17.5", .with { $0.create = true })
        }
        #expect(old?.code == "driver.tool_does_not_fit" && old?.message.contains("17.6") == true)
        #expect(try server.sql("SELECT count(*) FROM pg_database WHERE datname = 'new'") == "0")
    }

    /// A server's archive of these databases, without globals.
    static func archive(_ databases: [String: [UInt8]], globals: String = "") throws -> [UInt8] {
        let sink = MemorySink()
        let writer = ServerArchiveWriter(sink)
        let contents = ServerArchive.Contents(databases.keys.sorted())
        try writer.add(contents)
        try writer.add(ServerArchive.globalsName, from: MemorySource(Array(globals.utf8)))
        for entry in contents.databases { try writer.add(entry.file, from: MemorySource(databases[entry.name] ?? [])) }
        try writer.finish()
        return sink.bytes.withLock { $0 }
    }
}

final class MemorySink: ByteSink {
    let bytes = Mutex<[UInt8]>([])
    func write(_ bytes: UnsafeRawBufferPointer) throws { self.bytes.withLock { $0 += bytes } }
    func cancel() {}
}

final class MemorySource: ByteSource {
    private let rest: Mutex<ArraySlice<UInt8>>
    init(_ bytes: [UInt8]) { rest = Mutex(bytes[...]) }

    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        rest.withLock { rest in
            let part = rest.prefix(space.count)
            space.copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
    }

    func cancel() {}
}

extension TemporaryFolder {
    /// A program of `/bin/sh`.
    func script(_ name: String, _ text: String) throws {
        try "#!/bin/sh\n\(text)\n".write(toFile: self(name), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: self(name))
    }
}
