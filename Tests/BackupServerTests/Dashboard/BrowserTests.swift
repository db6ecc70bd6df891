import BackupTestSupport
import Testing

/// The dashboard as a person uses it: a real Chromium over a real server, a real agent and real databases. `script/prove-dashboard`
/// does it at more widths.
@Suite struct BrowserTests {
    /// The first run, a backup, a restore, a failed backup, a lost agent, a lost stream, two languages, the keyboard; and axe-core on
    /// every page and dialog in both themes.
    @Test func aPersonGetsFromNothingToARestoreAndNobodyIsKeptOut() throws {
        let server = try TestTools.product("backupy-server")
        let outcome = try TestProcess.run(
            TestTools.packageRoot + "/script/prove-dashboard", ["--small"],
            environment: ["BACKUPY_BIN": String(server.dropLast("/backupy-server".count))])
        try #require(outcome.status == 0, "\(outcome.output.suffix(6000))\n\(outcome.errors.suffix(10_000))")
        #expect(outcome.output.contains("The dashboard does all that."))
    }
}
