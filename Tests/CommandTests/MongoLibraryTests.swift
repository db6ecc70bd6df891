import BackupTestSupport
import Foundation
import Testing

/// libmongoc makes a file in /dev/shm for each process that loads it, and speaks on stderr of those that killed ones left.
@Suite struct MongoLibraryTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// The libraries that a process loaded, as the loader tells them.
    private func loaded(_ arguments: [String]) throws -> (libraries: String, outcome: TestProcess.Outcome) {
        let outcome = try Commands.backupy(
            arguments, environment: ["LD_DEBUG": "files", "LD_DEBUG_OUTPUT": folder("loader")])
        let logs = try folder.files().filter { $0.hasPrefix("loader.") }.map {
            try String(contentsOfFile: folder($0), encoding: .utf8)
        }
        return (logs.joined(), outcome)
    }

    @Test func onlyWhoUsesMongoDBLoadsItsLibrary() throws {
        let (without, listing) = try loaded(["list", "file://" + folder("store")])
        #expect(listing.status == 0 && listing.errors.isEmpty, "\(listing)")
        #expect(without.contains("libc.so.6") && !without.contains("libmongoc"))

        // Nothing listens there.
        let (with, backup) = try loaded(
            ["backup", "mongodb://127.0.0.1:1/app", "--to", "file://" + folder("store"), "--no-encryption", "--json"])
        #expect(try ["driver.cannot_connect", "driver.tool_not_found"].contains(backup.errorCode()), "\(backup)")
        #expect(with.contains("libmongoc-1.0.so.0"))
    }

    /// As after a process with the same number that was killed.
    @Test(arguments: [["list"], ["backup", "mongodb://127.0.0.1:1/app", "--no-encryption", "--to"]])
    func whatAKilledProcessLeftInSharedMemoryIsNobodysConcern(_ arguments: [String]) throws {
        let outcome = try TestProcess.run(
            "/bin/sh",
            ["-c", #": > "/dev/shm/mongoc-$$"; echo $$; exec "$@""#, "sh", TestTools.product("backupy")] + arguments
                + ["file://" + folder("store")], environment: Commands.clean)
        let pid = try #require(outcome.output.split(separator: "\n").first)
        let file = "/dev/shm/mongoc-\(pid)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(FileManager.default.fileExists(atPath: file), "it was taken for ours, or never made")
        #expect(!outcome.errors.contains("mongoc"), "\(outcome)")
    }

    @Test func aLibraryThatIsMissingIsNamed() throws {
        try Data(repeating: 0x20, count: 4096).write(to: URL(filePath: folder("libmongoc-1.0.so.0")))
        let outcome = try Commands.backupy(
            ["backup", "mongodb://127.0.0.1:1/app", "--to", "file://" + folder("store"), "--no-encryption", "--json"],
            environment: ["LD_LIBRARY_PATH": folder.path])
        #expect(try outcome.errorCode() == "driver.library_not_loaded")
        #expect(outcome.errors.contains("libmongoc-1.0-0"), "\(outcome)")
    }
}
