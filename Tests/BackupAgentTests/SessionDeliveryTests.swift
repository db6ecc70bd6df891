import BackupAgent
import BackupCore
import BackupState
import BackupTestSupport
import BackupWire
import Logging
import Synchronization
import Testing

/// Messages that must not be lost, and requests, over connections that break.
@Suite struct SessionDeliveryTests {
    /// What a server has applied: by id, in the order in which ids came for the first time.
    private final class Applied: Sendable {
        private let state = Mutex<(ids: [String], copies: Int)>(([], 0))
        var ids: [String] { state.withLock { $0.ids } }
        var copies: Int { state.withLock { $0.copies } }

        func take(_ id: String) {
            state.withLock { state in
                if state.ids.contains(id) { state.copies += 1 } else { state.ids.append(id) }
            }
        }
    }

    private static func run(of envelope: AgentEnvelope) -> String? {
        if case .backupCompleted(let message) = envelope.message { message.runID } else { nil }
    }

    @Test func aMessageStaysUntilItIsAcknowledged() async throws {
        var script = PeerScript.current
        script.acknowledges = false
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            for id in ["a", "b", "c"] { try await rig.session.deliver(Rig.completed(id), id: id) }
            try await peer.waitFor("three") { $0.received.compactMap(Self.run).count == 3 }
            #expect(await rig.outbox.entries.map(\.id) == ["a", "b", "c"])
            peer.last?.send(.ack(Acknowledgement(correlationID: "b")))
            try await eventually("b is gone") { await rig.outbox.entries.map(\.id) == ["a", "c"] }
            peer.last?.reset()
            try await rig.isConnected(times: 2)
            try await peer.waitFor("two more") { $0.connections[1].received.compactMap(Self.run) == ["a", "c"] }
            #expect(peer.connections[1].received.filter { Self.run(of: $0) != nil }.map(\.correlationID) == ["a", "c"])
            peer.last?.send(.ack(Acknowledgement(correlationID: "c")))
            peer.last?.send(.ack(Acknowledgement(correlationID: "a", isAccepted: false, reason: "no such run")))
            try await eventually("all are gone") { await rig.outbox.entries.isEmpty }
            #expect(rig.record.lines.contains { $0.contains("no such run") })
        }
    }

    /// The server has applied a message, and the connection breaks before its acknowledgement is read, over and over.
    @Test func nothingIsLostAndNothingAppliedTwiceWhereverTheConnectionBreaks() async throws {
        let applied = Applied()
        var script = PeerScript.current
        script.onMessage = { envelope, connection in
            guard let run = Self.run(of: envelope) else { return false }
            applied.take(run)
            switch Int.random(in: 0..<20) {
            case 0: connection.reset()
            case 1: connection.hangUp()
            case 2: connection.close(code: 1012)
            case 3:
                connection.send(.ack(Acknowledgement(correlationID: envelope.correlationID)))
                connection.reset()
            default: return false
            }
            return true
        }
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer) { rig in
            let ids = (0..<300).map { "run-\($0)" }
            for id in ids { try await rig.session.deliver(Rig.completed(id), id: id) }
            try await eventually("everything has arrived", within: .seconds(60)) { await rig.outbox.entries.isEmpty }
            #expect(applied.ids == ids)
            #expect(peer.connections.count > 3, "it did break")
            #expect(peer.complaints.isEmpty)
        }
    }

    @Test func withoutAcknowledgementsAFlushedMessageIsDelivered() async throws {
        let applied = Applied()
        var script = PeerScript()
        script.onMessage = { envelope, _ in
            if let run = Self.run(of: envelope) { applied.take(run) }
            return false
        }
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer) { rig in
            // Some before there is a connection.
            for id in 0..<100 { try await rig.session.deliver(Rig.completed("\(id)"), id: "\(id)") }
            try await eventually("all are gone") { await rig.outbox.entries.isEmpty }
            try await peer.waitFor("all have come") { _ in applied.ids.count == 100 }
            #expect(applied.ids == (0..<100).map(String.init) && applied.copies == 0)
            #expect(peer.connections.count == 1)
        }
    }

    @Test func onlySoManyMessagesWaitForAcknowledgements() async throws {
        var script = PeerScript.current
        script.acknowledges = false
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer) { rig in
            for id in 0..<50 { try await rig.session.deliver(Rig.completed("\(id)"), id: "\(id)") }
            try await peer.waitFor("a window") { $0.received.compactMap(Self.run).count == 32 }
            peer.last?.send(.ping(timeMilliseconds: 0), correlationID: "p")
            try await peer.waitFor("the answer") { $0.messages.contains(.ack(Acknowledgement(correlationID: "p"))) }
            #expect(peer.received.compactMap(Self.run).count == 32)
            for id in 0..<18 { peer.last?.send(.ack(Acknowledgement(correlationID: "\(id)"))) }
            try await peer.waitFor("the rest") { $0.received.compactMap(Self.run) == (0..<50).map(String.init) }
        }
    }

    /// More than the buffers of two sockets hold.
    @Test func aServerThatStopsReadingIsLeftAndNothingIsLost() async throws {
        let peer = try await ScriptedPeer(.current)
        var settings = Rig.quick
        settings.limits.silence = .seconds(1)
        try await Rig.run(peer, settings: settings) { rig in
            try await rig.isConnected()
            peer.last?.stopReading()
            var message = BackupCompleted()
            message.manifest = [UInt8](repeating: 7, count: 256 << 10)
            for id in 0..<40 { try await rig.session.deliver(.backupCompleted(message), id: "\(id)") }
            // One more that is answered, and so waits for the socket.
            peer.last?.send(.ping(timeMilliseconds: 0), correlationID: "p")
            try await eventually("all have arrived") { await rig.outbox.entries.isEmpty }
            #expect(peer.connections.count >= 2)
            #expect(rig.record.lines.contains { $0.contains("session.silent") })
        }
    }

    @Test func theSessionLivesWithAnOutboxThatFails() async throws {
        let peer = try await ScriptedPeer(.current)
        let outbox = FakeOutbox()
        await outbox.failNext(3)
        try await Rig.run(peer, outbox: outbox) { rig in
            try await rig.session.deliver(Rig.completed("a"), id: "a")
            try await eventually("it is gone") { await outbox.removed == ["a"] }
            #expect(peer.connections.count == 1)
            #expect(rig.record.lines.contains { $0.contains("the disk is gone") })
        }
    }

    /// The real outbox, and an agent that is started anew with it.
    @Test func whatWasNotAcknowledgedSurvivesARestart() async throws {
        var script = PeerScript.current
        script.acknowledges = false
        let peer = try await ScriptedPeer(script)
        let folder = try TemporaryFolder()
        let key = Secret(PeerScript().key)
        let log = Logger(label: "outbox") { _ in SwiftLogNoOpLogHandler() }
        var store = try await StateStore.open(directory: folder("state"), key: key)
        try await Rig.run(peer, durable: StateOutbox(store, logger: log)) { rig in
            for id in ["a", "b", "b", "c"] { try await rig.session.deliver(Rig.completed(id), id: id) }
            try await peer.waitFor("all") { $0.received.compactMap(Self.run) == ["a", "b", "b", "c"] }
            peer.last?.send(.ack(Acknowledgement(correlationID: "b")))
            try await eventually("both copies of b are gone") { try await store.pending(limit: 10).count == 2 }
            // As part of a larger change.
            try await store.apply([.send(try StateOutbox.bytes(Rig.completed("d"), id: "d"), .high)])
            await rig.session.deliverPending()
            try await peer.waitFor("d") { $0.received.compactMap(Self.run).last == "d" }
        }
        await store.close()
        store = try await StateStore.open(directory: folder("state"), key: key)
        // From a version with messages that this one doesn't know.
        try await store.append([0xF2, 0x3F, 0])
        peer.change { $0.acknowledges = true }
        let outbox = StateOutbox(store, logger: log)
        try await Rig.run(peer, durable: outbox) { rig in
            try await peer.waitFor("the rest") {
                $0.connections[1...].flatMap(\.received).compactMap(Self.run) == ["a", "c", "d"]
            }
            try await eventually("all are gone") { try await outbox.pending(after: nil, limit: 10).isEmpty }
            #expect(try await store.pending(limit: 10).count == 1)
        }
        await store.close()
    }

    /// The server is away for as long as a day of results takes: the state stays within its bounds, what says how backups went is all
    /// there, and everything arrives in order and once.
    @Test func aDayWithoutTheServer() async throws {
        let folder = try TemporaryFolder()
        var limits = StateLimits()
        (limits.outboxEntries, limits.outboxBytes) = (1500, 1 << 20)
        let store = try await StateStore.open(directory: folder("state"), key: Secret(PeerScript().key), limits: limits)
        let outbox = StateOutbox(store, logger: Logger(label: "outbox") { _ in SwiftLogNoOpLogHandler() })
        // A check a minute and two runs an hour.
        for minute in 1...1440 {
            var result = HealthResult()
            result.checkID = "web"
            result.timeMilliseconds = UInt64(minute)
            for check in 0..<4 { try await outbox.append(.healthResult(result), id: "check/\(check)/\(minute)") }
            if minute % 30 == 0 { try await outbox.append(Rig.completed("run-\(minute)"), id: "run/\(minute)") }
        }
        let size = try await store.size(.outbox)
        #expect(size.entries <= limits.outboxEntries && size.bytes <= limits.outboxBytes && size.dropped > 0)

        let applied = Applied()
        var script = PeerScript.current
        script.onMessage = { envelope, _ in
            if !envelope.correlationID.isEmpty, envelope.message != nil { applied.take(envelope.correlationID) }
            return false
        }
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer, durable: outbox) { _ in
            try await eventually("everything has arrived", within: .seconds(60)) {
                try await outbox.pending(after: nil, limit: 1).isEmpty
            }
        }
        let runs = applied.ids.filter { $0.hasPrefix("run/") }
        #expect(runs == (1...48).map { "run/\($0 * 30)" })
        let checks = applied.ids.filter { $0.hasPrefix("check/") }.compactMap {
            $0.split(separator: "/").last.flatMap { Int($0) }
        }
        #expect(checks == checks.sorted() && checks.last == 1440, "the newest are there")
        #expect(applied.copies == 0)
        await store.close()
    }

    @Test func aMessageThatNoFrameHoldsIsRefusedAtOnce() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer) { rig in
            var message = BackupCompleted()
            message.manifest = [UInt8](repeating: 1, count: 5 << 20)
            await #expect(throws: WireError.self) { try await rig.session.deliver(.backupCompleted(message), id: "x") }
            #expect(await rig.outbox.entries.isEmpty)
        }
    }

    @Test func progressIsDroppedWithoutAConnection() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            let update = AgentMessage.jobUpdate(JobUpdate())
            await rig.session.post(update)
            try await peer.waitFor("the update") { $0.messages.contains(update) }
            try await peer.stop()
            try await eventually("the connection is lost") { await rig.session.status.state != .connected }
            for _ in 0..<1000 { await rig.session.post(update) }
            let again = try await ScriptedPeer(.current, port: peer.port)
            try await rig.isConnected(times: 2)
            #expect(!again.messages.contains(update))
        }
    }

    private static let question = AgentMessage.partURLsRequest(PartURLsRequest(runID: "r", firstNumber: 1, count: 2))

    @Test func aRequestIsAskedAgainUntilItIsAnswered() async throws {
        var script = PeerScript.current
        script.onMessage = { envelope, connection in
            guard case .partURLsRequest = envelope.message else { return false }
            // Twice the connection breaks before the answer.
            if connection.number < 2 {
                connection.reset()
            } else {
                connection.send(.partURLs(PartURLs(runID: "r")), correlationID: envelope.correlationID)
            }
            return true
        }
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer) { rig in
            let answer = try await rig.session.request(Self.question, within: .seconds(20))
            #expect(answer == .partURLs(PartURLs(runID: "r")))
            let asked = peer.received.filter { $0.message == Self.question }
            #expect(asked.count == 3 && Set(asked.map(\.correlationID)).count == 1)
            // An answer is not also a message.
            #expect(rig.handler.taken.isEmpty)
        }
    }

    @Test func aRequestEndsAtItsDeadlineAndWithItsTask() async throws {
        let peer = try await ScriptedPeer(.current)
        peer.change { $0.onMessage = { envelope, _ in envelope.message == Self.question } }
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            await #expect(throws: SessionError.noAnswer(within: .milliseconds(50))) {
                try await rig.session.request(Self.question, within: .milliseconds(50))
            }
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: ServerMessage.self) { group in
                    group.addTask { try await rig.session.request(Self.question, within: .seconds(60)) }
                    try await peer.waitFor("the request") { $0.messages.filter { $0 == Self.question }.count == 2 }
                    group.cancelAll()
                    _ = try await group.next()
                }
            }
            // Neither is asked again.
            peer.last?.reset()
            try await rig.isConnected(times: 2)
            #expect(!peer.connections[1].received.contains { $0.message == Self.question })
        }
    }

    @Test func requestsAreBounded() async throws {
        let peer = try await ScriptedPeer(.current)
        peer.change { $0.onMessage = { envelope, _ in envelope.message == Self.question } }
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<256 {
                    group.addTask { _ = try await rig.session.request(Self.question, within: .seconds(60)) }
                }
                try await peer.waitFor("all of them") { $0.messages.filter { $0 == Self.question }.count == 256 }
                await #expect(throws: SessionError.tooManyRequests(limit: 256)) {
                    try await rig.session.request(Self.question, within: .seconds(60))
                }
                group.cancelAll()
            }
        }
    }
}
