import BackupTestSupport
import Foundation
import Testing

/// `script/demo` as somebody runs it, with little data: server, agent, four databases, and the way back.
@Suite struct DemoTests {
    @Test func itShowsTheWholeProductAndLeavesNothingRunning() throws {
        let folder = try TemporaryFolder(mode: 0o755)
        let product = try TestTools.product("backupy")
        let outcome = try TestProcess.run(
            TestTools.packageRoot + "/script/demo", [],
            environment: [
                "BACKUPY_BIN": String(product.dropLast("/backupy".count)), "BACKUPY_DEMO_ROWS": "500",
                "TMPDIR": folder.path,
            ])
        try #require(outcome.status == 0, "\(outcome.output.suffix(6000))\n\(outcome.errors.suffix(3000))")
        for words in [
            "Logged in to http://127.0.0.1:", "+ create job demo/notes",
            "Nothing to do: the server has all of it already", "equal: pg_dump of shop and of shop_restored",
            "equal: the notes, and what is inside of their backup", "INSERT statements in blog.sql",
        ] { #expect(outcome.output.contains(words), "\(words)") }
        #expect(outcome.output.matches(of: /\nRun [0-9a-z-]+: success\n/).count == 4)
        #expect(try Self.commandLines().filter { $0.contains(folder.path) } == [])
        // What it tells the reader to remove, and nothing else.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }

    /// Of all processes of this machine. One that ends meanwhile has none.
    private static func commandLines() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { $0.allSatisfy(\.isNumber) }.compactMap {
            FileManager.default.contents(atPath: "/proc/\($0)/cmdline").map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
