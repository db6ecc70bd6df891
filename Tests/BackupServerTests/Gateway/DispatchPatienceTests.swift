import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import BackupWire
import Foundation
import Synchronization
import Testing

/// Runs that can't be sent, by the real dispatcher and with a clock that the test sets.
@Suite struct DispatchPatienceTests {
    private final class Clock: Sendable {
        private let passed = Mutex(Duration.zero)
        /// Behind all that is to happen, as a run is not sent before it was ordered.
        private let start = Date().addingTimeInterval(600)
        private let begun = ContinuousClock.now

        func pass(_ seconds: Int) { passed.withLock { $0 += .seconds(seconds) } }

        var dispatch: DispatchClock {
            var clock = DispatchClock()
            clock.now = { self.start.addingTimeInterval(self.passed.withLock { $0 / .seconds(1) }) }
            clock.instant = { self.begun + self.passed.withLock { $0 } }
            return clock
        }
    }

    private struct Setting {
        let store: FakeControlStore
        let clock: Clock
        let server: GatewayFixture
        let peer: ScriptedAgent
        let run: BackupID
    }

    /// A run of an agent that is connected, and a store that can't be reached.
    private func outage() async throws -> Setting {
        let (store, clock) = (FakeControlStore(), Clock())
        let agent = await GatewayFixture.addAgent("web-1", to: store)
        let job = await GatewayFixture.addJob(of: agent, to: store)
        await store.setStorageUnreachable(true)
        let server = try await GatewayFixture(store: store, isSecure: false, clock: clock.dispatch)
        let peer = try await ScriptedAgent(port: server.port, key: GatewayFixture.key, isSecure: false)
        try await peer.register([.ack, .multipart, .formatV2])
        let run = try await server.order(job)
        return Setting(store: store, clock: clock, server: server, peer: peer, run: run)
    }

    private func waitForTry(_ number: Int, _ setting: Setting) async throws {
        try await eventually("try \(number) is put back") { await setting.store.releases == number }
        #expect(await setting.store.run(setting.run)?.status == .pending)
    }

    @Test func anOutageThatLastsEndsTheRun() async throws {
        let setting = try await outage()
        defer { setting.server.stop() }
        // The first try, and others for a quarter of an hour.
        try await waitForTry(1, setting)
        for number in 2...3 {
            setting.clock.pass(7 * 60)
            try await waitForTry(number, setting)
        }
        setting.clock.pass(2 * 60)
        try await eventually("it has failed") { await setting.store.run(setting.run)?.status == .failed }
        #expect(await setting.store.run(setting.run)?.failure?.code == "control_store.unreachable")
        #expect(await setting.store.ends[setting.run] == 1)
    }

    @Test func aShortOutageDelaysTheRun() async throws {
        let setting = try await outage()
        defer { setting.server.stop() }
        try await waitForTry(1, setting)
        setting.clock.pass(14 * 60)
        try await waitForTry(2, setting)
        await setting.store.setStorageUnreachable(false)
        setting.clock.pass(60)
        try await setting.server.waitFor(.dispatched, of: setting.run)
        try await eventually("the agent has it") {
            setting.peer.messages.contains {
                if case .runBackup(let order) = $0 { order.runID == setting.run.string } else { false }
            }
        }
    }
}
