import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// A measurement, and no test: `script/measure-agent` runs it, and prints what it prints.
@Suite struct AgentIdleMeasurement {
    static let seconds = ProcessInfo.processInfo.environment["BACKUPY_MEASURE_SECONDS"].flatMap { Int($0) }

    @Test(.enabled(if: seconds != nil, "only when script/measure-agent asks"))
    func anAgentWithNothingToDo() async throws {
        let seconds = try #require(Self.seconds)
        let peer = try await ScriptedPeer(.current)
        let folder = try TemporaryFolder()
        let path = try #require(ProcessInfo.processInfo.environment["BACKUPY_MEASURE_AGENT"])
        let process = try TestProcess(
            path, ["run"],
            environment: [
                "BACKUPY_SERVER_URL": "https://localhost:\(peer.port)", "BACKUPY_AGENT_KEY": peer.script.key,
                "BACKUPY_SERVER_CA_FILE": try TestAuthority.shared.get().file, "BACKUPY_STATE_DIR": folder("state"),
                "BACKUPY_DISABLE_DISCOVERY": "true", "BACKUPY_METRICS_LISTEN_ADDR": "127.0.0.1:0", "no_proxy": "*",
            ], log: folder("log"))
        try await peer.waitFor("a heartbeat") { peer in
            peer.messages.contains { if case .heartbeat(_) = $0 { true } else { false } }
        }
        let before = try ticks(process.id)
        let start = ContinuousClock.now
        var resident = 0
        var own = 0
        while ContinuousClock.now - start < .seconds(seconds) {
            resident = max(resident, try kibibytes("VmRSS", process.id))
            own = max(own, try kibibytes("RssAnon", process.id))
            try await Task.sleep(for: .seconds(1))
        }
        let used = Double(try ticks(process.id) - before) / Double(sysconf(Int32(_SC_CLK_TCK)))
        let share = 100 * used / ((ContinuousClock.now - start) / .seconds(1))
        print(
            """

            | idle agent, \(seconds) s | value | bar |
            |---|---|---|
            | resident, at most | \(resident / 1024) MiB | ≤ 40 MiB |
            | of it the program's own | \(own / 1024) MiB | – |
            | of one core | \(String(format: "%.2f", share)) % | ≤ 0.2 % |
            """)
        process.stop()
    }

    /// proc(5): `utime` and `stime` are the 14th and the 15th field, behind a name that may hold anything.
    private func ticks(_ id: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        let fields = try #require(text.split(separator: ")").last).split(separator: " ")
        return try #require(Int(fields[11])) + #require(Int(fields[12]))
    }

    private func kibibytes(_ name: String, _ id: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + ":") })
        return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
    }
}
