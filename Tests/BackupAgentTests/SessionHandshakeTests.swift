import BackupAgent
import BackupCore
import BackupTestSupport
import BackupWire
import Testing

/// A session against a peer over TLS: how it begins, lives and ends.
@Suite struct SessionHandshakeTests {
    private static func heartbeats(_ peer: ScriptedPeer) -> Int {
        peer.messages.filter { if case .heartbeat = $0 { true } else { false } }.count
    }

    @Test func itRegistersAndSendsAHeartbeatAtOnce() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer, url: "https://localhost:\(peer.port)/prefix/") { rig in
            try await peer.waitFor("a heartbeat") { Self.heartbeats($0) == 1 }
            let connection = try #require(peer.last)
            #expect(connection.path == "/prefix/v1/agents/connect")
            let envelopes = connection.received
            #expect(envelopes.map(\.seq) == [1, 2])
            guard case .register(let registration) = envelopes[0].message,
                case .heartbeat(let heartbeat) = envelopes[1].message
            else { throw TestFailure("not a registration and a heartbeat") }
            #expect(registration.hostname == "box" && heartbeat.configVersion == 7)
            // This century.
            #expect(
                envelopes.allSatisfy {
                    $0.timeMilliseconds > 1_700_000_000_000 && $0.timeMilliseconds < 4_000_000_000_000
                })
            #expect(await rig.session.capabilities == [.ack, .multipart, .restore])
            #expect(rig.handler.acks.map(\.sessionID) == ["session-0"])
        }
    }

    @Test func anOldServerHasNoCapabilities() async throws {
        let peer = try await ScriptedPeer()
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            #expect(await rig.session.capabilities.isEmpty)
        }
    }

    @Test func heartbeatsGoOutAsOftenAsTheServerWants() async throws {
        let peer = try await ScriptedPeer(.current)
        var settings = Rig.quick
        settings.limits.heartbeat = .milliseconds(50)
        settings.limits.heartbeatRange = .milliseconds(50)...Duration.seconds(1)
        try await Rig.run(peer, settings: settings) { _ in
            try await peer.waitFor("five heartbeats") { Self.heartbeats($0) >= 5 }
            #expect(peer.connections.count == 1)
        }
    }

    @Test func pingsAreAnsweredAndMessagesDeliveredOnce() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            let connection = try #require(peer.last)
            connection.ping()
            connection.send(text: "hello")
            connection.send(.cancelJob(jobID: "j1"), correlationID: "c1")
            let again = try WireCodec.encode(ServerMessage.cancelJob(jobID: "j1"), seq: 2, timeMilliseconds: 0)
            connection.send(frame: again)
            connection.send(.ping(timeMilliseconds: 1), correlationID: "p1")
            try await peer.waitFor("the answer") { $0.messages.contains(.ack(Acknowledgement(correlationID: "p1"))) }
            #expect(connection.received.first { $0.message == .ack(.init(correlationID: "p1")) }?.correlationID == "p1")
            #expect(rig.handler.taken == [.init(message: .cancelJob(jobID: "j1"), correlationID: "c1")])
            #expect(rig.record.lines.contains { $0.contains("text frame") })
            #expect(peer.connections.count == 1 && peer.complaints.isEmpty)
        }
    }

    @Test func aServerThatDoesNotAnswerTheRegistrationIsLeft() async throws {
        var script = PeerScript.current
        script.answersRegistration = false
        let peer = try await ScriptedPeer(script)
        var settings = Rig.quick
        settings.limits.handshake = .milliseconds(100)
        try await Rig.run(peer, settings: settings) { rig in
            try await peer.waitFor("a third attempt") { $0.connections.count >= 3 }
            #expect(await rig.session.status.lastError == .noHandshake(within: .milliseconds(100)))
            #expect(peer.connections[0].closeCode == 1002)
            // Without a completed handshake the waits grow.
            #expect(rig.record.pauses.prefix(2) == [.seconds(1), .seconds(2)])
            peer.change { $0.answersRegistration = true }
            try await rig.isConnected()
        }
    }

    @Test func aSilentServerIsLeftAndConnectedToAgain() async throws {
        let peer = try await ScriptedPeer(.current)
        var settings = Rig.quick
        settings.limits.silence = .milliseconds(300)
        try await Rig.run(peer, settings: settings) { rig in
            try await rig.isConnected()
            // Old servers send nothing of themselves, but pings; a WebSocket's own ping will do.
            for _ in 0..<10 {
                peer.last?.ping()
                try await Task.sleep(for: .milliseconds(60))
            }
            #expect(peer.connections.count == 1)
            try await rig.isConnected(times: 2)
            #expect(await rig.session.status.lastError == .silent(.milliseconds(300)))
            #expect(await rig.session.status.reconnects == 1)
            #expect(peer.connections[0].closeCode == 1001)
        }
    }

    @Test func theWaitsGrowAndACompletedHandshakeResetsThem() async throws {
        var script = PeerScript.current
        script.refusal = 503
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer) { rig in
            try await peer.waitFor("four refusals") { $0.requests >= 4 }
            #expect(await rig.session.status.lastError == .upgradeRefused("localhost:\(peer.port)", status: 503))
            peer.change { $0.refusal = nil }
            try await rig.isConnected()
            let before = rig.record.pauses
            #expect(before == [1, 2, 4, 8, 16, 32, 60].prefix(before.count).map { .seconds($0) })
            peer.last?.reset()
            try await rig.isConnected(times: 2)
            peer.last?.hangUp()
            try await rig.isConnected(times: 3)
            peer.last?.close(code: 1012, reason: "restart")
            try await rig.isConnected(times: 4)
            #expect(rig.record.pauses.dropFirst(before.count) == [.seconds(1), .seconds(1), .seconds(1)])
            #expect(await rig.session.status.lastError == .closed(code: 1012, reason: "restart"))
            #expect(await rig.session.status.reconnects == 3)
        }
    }

    @Test func anotherAgentWithTheSameKeyIsNotPushedOutAtOnce() async throws {
        let peer = try await ScriptedPeer(.current)
        try await Rig.run(peer) { rig in
            try await rig.isConnected()
            peer.last?.close(code: 4001)
            try await rig.isConnected(times: 2)
            #expect(rig.record.pauses == [.seconds(300)])
            #expect(rig.record.lines.contains { $0.hasPrefix("warning") && $0.contains("session.replaced") })
        }
    }

    @Test func aRefusedKeyIsTriedSlowlyAndNeverShown() async throws {
        var script = PeerScript.current
        script.key = "another"
        let peer = try await ScriptedPeer(script)
        try await Rig.run(peer) { rig in
            try await peer.waitFor("a third attempt") { $0.requests >= 3 }
            #expect(rig.record.pauses.allSatisfy { $0 == .seconds(60) })
            #expect(await rig.session.status.lastError == .unauthorized("localhost:\(peer.port)"))
            #expect(rig.record.lines.filter { $0.contains("session.unauthorized") && $0.hasPrefix("error") }.count == 1)
            #expect(!rig.record.lines.contains { $0.contains(PeerScript().key) })
            peer.change { $0.key = PeerScript().key }
            try await rig.isConnected()
        }
    }

    @Test func theEndIsAGoodbye() async throws {
        let peer = try await ScriptedPeer(.current)
        let outbox = FakeOutbox()
        try await Rig.run(peer, outbox: outbox) { rig in
            try await rig.isConnected()
            // Too late to be sent before the end, but it is.
            for number in 0..<100 { try await rig.session.deliver(Rig.completed("\(number)"), id: "\(number)") }
        }
        #expect(peer.last?.closeCode == 1001)
        #expect(await outbox.entries.isEmpty)
        #expect(peer.connections.count == 1 && peer.received.filter { $0.correlationID != "" }.count == 100)
    }

    @Test func theEndDoesNotWaitForAServerThatIsAway() async throws {
        let peer = try await ScriptedPeer(.current)
        try await peer.stop()
        let outbox = FakeOutbox()
        let start = ContinuousClock.now
        try await Rig.run(peer, outbox: outbox) { rig in
            try await rig.session.deliver(Rig.completed("r"), id: "r")
            try await eventually("two attempts") { rig.record.pauses.count >= 2 }
            #expect(await rig.session.status.lastError == .refused("localhost:\(peer.port)"))
        }
        #expect(ContinuousClock.now - start < .seconds(4))
        #expect(await outbox.entries.map(\.id) == ["r"])
    }

    /// In the middle of TCP, of TLS, of the upgrade, of the handshake, and after it.
    @Test func itCanBeStoppedAtAnyMoment() async throws {
        let peer = try await ScriptedPeer(.current)
        for step in 0..<60 {
            let start = ContinuousClock.now
            try await Rig.run(peer) { _ in try await Task.sleep(for: .microseconds(step * 250)) }
            #expect(ContinuousClock.now - start < .seconds(4), "\(step)")
        }
        try await peer.waitFor("all of them have left") { $0.connections.allSatisfy { !$0.isOpen } }
        #expect(peer.connections.contains { $0.closeCode == 1001 }, "some had come in")
    }
}
