import AsyncHTTPClient
import BackupAPI
import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// The agents' door, over real sockets.
@Suite(.serialized) struct GatewayTests {
    private func server(_ change: (inout GatewaySettings) -> Void = { _ in }) async throws -> GatewayFixture {
        var settings = GatewaySettings()
        settings.tick = .milliseconds(50)
        settings.sightings = .milliseconds(200)
        change(&settings)
        let server = try await GatewayFixture(settings: settings)
        _ = await GatewayFixture.addAgent("web-1", to: server.store)
        return server
    }

    @Test func anAgentRegistersAndIsSeen() async throws {
        let server = try await server()
        defer { server.stop() }
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register([.ack, .restore])
        let ack = try #require(agent.registerAck)
        #expect(ack.heartbeatIntervalSeconds == 30 && ack.capabilities == AgentDesk.capabilities)
        #expect(ack.configuration?.version == 1 && agent.received.first?.correlationID == "register")
        let record = try #require(await server.store.agent(.init("agent-web-1")))
        #expect(record.session.number == 1 && record.registration.hostname == "box")
        var heartbeat = Heartbeat()
        heartbeat.configVersion = 1
        heartbeat.metrics.cpuPercent = 12.5
        agent.send(.heartbeat(heartbeat))
        agent.send(.heartbeat(heartbeat))
        try await eventually("the heartbeat is written down") {
            await server.store.metrics(.init("agent-web-1"))?.contains("\"cpu_percent\":12.5") == true
        }
        try await eventually("it is told once what the agent works by") { server.events.applied == [1] }
        agent.hangUp()
        try await eventually("the session has ended") {
            await server.store.agent(.init("agent-web-1"))?.isConnected == false
        }
    }

    @Test func anOldAgentIsTakenAsItIs() async throws {
        let server = try await server()
        defer { server.stop() }
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register()
        #expect(agent.registerAck?.capabilities == [])
        agent.send(.discovery([]), correlationID: "d1")
        try await eventually("it is stored") { await server.store.discovered(.init("agent-web-1")) == "[]" }
        agent.send(text: "hello")
        agent.send(.discovery([]), correlationID: "d2")
        #expect(agent.isOpen && agent.messages.count == 1, "it wants no acknowledgements")
    }

    /// A way to a database that was found is kept as a target is made of it; a password that somebody sends with it is not kept.
    @Test func whatIsFoundCanBeProtectedAsItIs() async throws {
        let server = try await server()
        defer { server.stop() }
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register()
        var found = DiscoveredContainer()
        (found.id, found.name, found.databaseType, found.evidence) = ("1f", "shop-db-1", "postgresql", "image")
        found.suggestedTargets = [
            Target(
                id: "", engine: .postgresql, username: "container-env:POSTGRES_USER",
                password: .containerEnvironment(name: "POSTGRES_PASSWORD"), containerID: "1f", strategy: .dockerExec),
            Target(id: "", engine: .postgresql, host: "db", password: .inline(Secret("planted-s3cret"))),
            Target(id: "", engine: nil),
        ]
        agent.send(.discovery([found]), correlationID: "d1")
        try await eventually("it is stored") { await server.store.discovered(.init("agent-web-1")) != nil }
        let json = try #require(await server.store.discovered(.init("agent-web-1")))
        #expect(!json.contains("planted") && json.contains("\"evidence\":\"image\""))
        guard case .object(let report)? = try JSONDecoder().decode([JSONValue].self, from: Data(json.utf8)).first,
            case .list(let targets)? = report["suggested_targets"], let first = targets.first
        else { throw TestFailure(json) }
        #expect(targets.count == 1 && NewTarget.schema.problems(of: first).isEmpty)
        let target = try APICoding.decoder().decode(NewTarget.self, from: try JSONEncoder().encode(first))
        #expect(target.name == "shop-db-1" && target.engine == "postgresql" && target.strategy == "docker_exec")
        #expect(target.containerID == "1f" && target.secretReference == "container-env:POSTGRES_PASSWORD")
        #expect(target.username == "container-env:POSTGRES_USER" && target.password == nil)
    }

    @Test func whatIsStoredIsAcknowledgedAndNothingElse() async throws {
        let server = try await server()
        defer { server.stop() }
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register([.ack])
        agent.send(.discovery([]), correlationID: "d1")
        try await eventually("it is acknowledged") { agent.acks == ["d1"] }
        await server.store.failNext(1)
        agent.send(.discovery([]), correlationID: "d2")
        try await eventually("the connection ends, so that it comes again") { agent.closeCode == 1011 }
        #expect(agent.acks == ["d1"])
    }

    @Test func aWrongKeyIsRefusedBeforeTheUpgrade() async throws {
        let server = try await server { $0.guessesPerMinute = 3 }
        defer { server.stop() }
        for _ in 0..<3 {
            await #expect(throws: ScriptedAgent.Refused(status: 401)) {
                _ = try await ScriptedAgent(port: server.port, key: "bkpy_wrong")
            }
        }
        await #expect(throws: ScriptedAgent.Refused(status: 429)) {
            _ = try await ScriptedAgent(port: server.port, key: "bkpy_wrong")
        }
        #expect(server.gateway.live.count == 0)
    }

    @Test func whoWasGoodBeforeIsNotLockedOutByOthers() async throws {
        let server = try await server { $0.guessesPerMinute = 2 }
        defer { server.stop() }
        try await ScriptedAgent(port: server.port, key: GatewayFixture.key).register()
        for _ in 0..<4 {
            await #expect(throws: ScriptedAgent.Refused.self) {
                _ = try await ScriptedAgent(port: server.port, key: "bkpy_wrong")
            }
        }
        try await ScriptedAgent(port: server.port, key: GatewayFixture.key).register()
    }

    @Test func theNewestConnectionWins() async throws {
        let server = try await server()
        defer { server.stop() }
        let first = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await first.register()
        let second = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await second.register()
        try await eventually("the first is told so") { first.closeCode == 4001 }
        #expect(second.isOpen)
        try await eventually("only one is live") { server.gateway.live.count == 1 }
        #expect(await server.store.agent(.init("agent-web-1"))?.session.number == 2)
        second.send(.discovery([]))
        try await eventually("the second is heard") { await server.store.discovered(.init("agent-web-1")) != nil }
    }

    @Test func oneWhoSaysNothingIsClosed() async throws {
        let server = try await server {
            $0.registration = .milliseconds(300)
            $0.silence = .milliseconds(600)
        }
        defer { server.stop() }
        let mute = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await eventually("no registration", within: .seconds(5)) { mute.closeCode == 1002 }
        let silent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await silent.register()
        try await eventually("silence", within: .seconds(5)) { silent.closeCode == 1001 }
    }

    @Test func framesThatAreTooMuchClose() async throws {
        let server = try await server()
        defer { server.stop() }
        let large = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await large.register()
        large.send(frame: [UInt8](repeating: 0, count: (4 << 20) + 1))
        try await eventually("a frame over 4 MiB") { large.closeCode == 1009 }
        let many = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await many.register()
        many.send(
            frame: [0x62, 0x80, 0x89, 0x7A] + [[UInt8]](repeating: [0x0A, 0x00], count: 1_000_000).flatMap { $0 })
        try await eventually("a million of things") { many.closeCode == 1009 }
    }

    @Test func tenThousandFramesOfNonsenseHurtNobody() async throws {
        let server = try await server()
        defer { server.stop() }
        _ = await GatewayFixture.addAgent("web-2", key: "bkpy_other", to: server.store)
        let good = try await ScriptedAgent(port: server.port, key: "bkpy_other")
        try await good.register([.ack])
        let bad = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await bad.register([.ack])
        var random = SeededRandom(11)
        for _ in 0..<10_000 {
            bad.send(
                frame: (0..<Int.random(in: 0..<64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
                })
        }
        bad.send(.discovery([]), correlationID: "last", sequence: 1 << 62)
        good.send(.discovery([]), correlationID: "g")
        try await eventually("the other one is served") { good.acks == ["g"] }
        try await eventually("all of it was read") { bad.acks == ["last"] || !bad.isOpen }
        #expect(good.isOpen)
    }

    @Test func anAgentThatReadsNothingIsClosed() async throws {
        let server = try await server { $0.outgoingBytes = 1 << 20 }
        defer { server.stop() }
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register()
        agent.stopReading()
        let connection = try #require(server.gateway.live.connection(of: .init("agent-web-1")))
        let text = String(repeating: "x", count: 1 << 19)
        try await eventually("it is given up") {
            connection.send(.cancelJob(jobID: text))
            return !connection.isOpen
        }
    }

    @Test func onePortServesHTTPAsWell() async throws {
        let server = try await server()
        defer { server.stop() }
        let authority = try TestAuthority.shared.get()
        let script = "curl -s -m 20 --cacert \(authority.file) https://localhost:\(server.port)/hello"
        #expect(try TestProcess.run("/bin/sh", ["-c", script]).output == "hello")
        // A wish for HTTP/2 that a server may pass over.
        let wish = "curl -s -m 20 -H 'Connection: Upgrade' -H 'Upgrade: h2c' --cacert \(authority.file)"
        #expect(
            try TestProcess.run("/bin/sh", ["-c", "\(wish) https://localhost:\(server.port)/hello"]).output == "hello")
        let old = "curl -s -m 20 --tls-max 1.2 --cacert \(authority.file) https://localhost:\(server.port)/hello"
        #expect(try TestProcess.run("/bin/sh", ["-c", old]).status == 35, "TLS 1.2 is refused")
    }

    @Test func whoConnectsAndSaysNothingIsClosed() async throws {
        let server = try await server {
            $0.firstRequest = .milliseconds(300)
            $0.connectionsPerAddress = 8
        }
        defer { server.stop() }
        // Each sends a byte now and then, and never a whole request.
        let script = """
            import socket, time
            s = [socket.create_connection(("127.0.0.1", \(server.port))) for _ in range(20)]
            end = time.time() + 8
            open_ = set(s)
            while open_ and time.time() < end:
                for c in list(open_):
                    try:
                        c.setblocking(False)
                        try:
                            if c.recv(1) == b"": open_.discard(c)
                        except BlockingIOError:
                            c.send(b"G")
                    except OSError:
                        open_.discard(c)
                time.sleep(0.02)
            print(len(open_))
            """
        #expect(try TestProcess.run("/usr/bin/env", ["python3", "-c", script]).output == "0\n")
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register()
    }

    @Test func manyAgentsOfOneAddressAreLetInOneAfterAnother() async throws {
        let server = try await server {
            $0.connectionsPerAddress = 1
            $0.turn = .seconds(60)
        }
        defer { server.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<30 {
                group.addTask {
                    // Each is refused by the session that follows, and none for want of a place.
                    _ = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
                }
            }
            try await group.waitForAll()
        }
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register()
    }

    @Test func whoWaitsTooLongForAPlaceIsClosedAndLeavesItToTheNext() async throws {
        let server = try await server {
            $0.connectionsPerAddress = 1
            $0.turn = .milliseconds(200)
            $0.waitingConnections = 3
        }
        defer { server.stop() }
        // The first has the place and says nothing, three wait in vain, and the fifth may not even wait.
        let script = """
            import socket
            first, *others = [socket.create_connection(("127.0.0.1", \(server.port)), timeout=9) for _ in range(5)]
            for other in others:
                try: assert other.recv(1) == b""
                except ConnectionError: pass
            first.setblocking(False)
            try: print("closed", first.recv(1))
            except BlockingIOError: print("open")
            """
        #expect(try TestProcess.run("/usr/bin/env", ["python3", "-c", script]).output == "open\n")
        let agent = try await ScriptedAgent(port: server.port, key: GatewayFixture.key)
        try await agent.register()
    }

    @Test func aCertificateIsReadAgainWhenItChanges() throws {
        let folder = try TemporaryFolder()
        let authority = try TestAuthority.shared.get()
        try FileManager.default.copyItem(atPath: authority.certificate(.right), toPath: folder("c.pem"))
        try FileManager.default.copyItem(atPath: authority.key(.right), toPath: folder("k.pem"))
        let files = try CertificateFiles(certificate: folder("c.pem"), key: folder("k.pem"))
        #expect(try !files.reloadIfChanged())
        try Data("no certificate".utf8).write(to: URL(filePath: folder("c.pem")))
        #expect(throws: (any Error).self) { try files.reloadIfChanged() }
        #expect(try !files.reloadIfChanged())
        try Data(contentsOf: URL(filePath: authority.certificate(.address))).write(to: URL(filePath: folder("c.pem")))
        try Data(contentsOf: URL(filePath: authority.key(.address))).write(to: URL(filePath: folder("k.pem")))
        #expect(try files.reloadIfChanged())
    }
}

extension ScriptedAgent {
    /// What the server has acknowledged.
    var acks: [String] {
        messages.compactMap { if case .ack(let ack) = $0 { ack.correlationID } else { nil } }
    }
}
