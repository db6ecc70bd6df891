import BackupCore
import BackupFormat
import BackupStorage
import BackupTestSupport
import BackupWire
import Foundation
import Synchronization
import Testing

/// The real agent tells a control plane what is in this host's containers.
@Suite(.serialized) struct DiscoveryReportTests {
    private static let secret = "planted-s3cret"

    private func reports(_ agent: AgentFixture) -> [[DiscoveredContainer]] {
        agent.plane.peer.messages.compactMap { if case .discovery(let containers) = $0 { containers } else { nil } }
    }

    /// An engine whose every text that may hold a secret holds one: none is on the wire, in the log, in the state.
    @Test func noSecretLeavesTheHost() async throws {
        let id = String(repeating: "0a", count: 32)
        let secret = Self.secret
        let isDown = Mutex(false)
        let engine = try ScriptedEngine { request in
            let path = request.line
            if isDown.withLock({ $0 }) { return request.answer(500, "{\"message\":\"\(secret)\"}") }
            switch path {
            case _ where path.contains("/version"):
                request.answer(200, "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\",\"Version\":\"\(secret)\"}")
            case _ where path.contains("/events"):
                request.answer(
                    200,
                    """
                    {"Type":"container","Action":"start","from":"\(secret)","status":"\(secret)","id":"\(secret)",\
                    "Actor":{"ID":"\(secret)","Attributes":{"PASSWORD":"\(secret)","\(secret)":"x"}}}

                    """)
                while !isDown.withLock({ $0 }) { usleep(10_000) }
                // What is no event is repeated nowhere either.
                request.send(Array("\(secret)\n".utf8))
            case _ where path.contains("/containers/json"):
                request.answer(
                    200,
                    """
                    [{"Id":"\(id)","Names":["/db","/\(secret)/db"],"Image":"postgres:16","ImageID":"\(secret)",\
                    "Command":"\(secret)","Created":1,"State":"\(secret)","Status":"\(secret)",\
                    "Labels":{"password":"\(secret)","\(secret)":"x","com.docker.compose.project":"\(secret)"},\
                    "Ports":[{"IP":"\(secret)","PrivatePort":5432,"PublicPort":15432,"Type":"tcp"}],\
                    "HostConfig":{"NetworkMode":"\(secret)"},\
                    "NetworkSettings":{"Networks":{"shop":{"IPAddress":"","Aliases":["\(secret)"],"NetworkID":"\(secret)",\
                    "DriverOpts":{"x":"\(secret)"},"Links":["\(secret)"]}}},\
                    "Mounts":[{"Type":"volume","Name":"\(secret)","Source":"/nowhere/\(secret)","Destination":"/\(secret)"}]}]
                    """)
            default:
                request.answer(
                    200,
                    """
                    {"Id":"\(id)","Name":"/db","Path":"\(secret)","Args":["\(secret)"],"State":{"Error":"\(secret)"},\
                    "LogPath":"\(secret)","HostConfig":{"Binds":["\(secret)"],"LogConfig":{"Config":{"x":"\(secret)"}}},\
                    "Config":{"Image":"postgres:16","Hostname":"\(secret)","Domainname":"\(secret)","User":"\(secret)",\
                    "Env":["POSTGRES_PASSWORD=\(secret)","POSTGRES_USER=\(secret)","A=b=\(secret)","=\(secret)"],\
                    "Cmd":["\(secret)"],"Entrypoint":["\(secret)"],"WorkingDir":"\(secret)",\
                    "ExposedPorts":{"5432/tcp":{"x":"\(secret)"}},"Labels":{"token":"\(secret)"},\
                    "Healthcheck":{"Test":["CMD","\(secret)"]}}}
                    """)
            }
        }
        let agent = try await AgentFixture()
        let settings = [
            "BACKUPY_DISABLE_DISCOVERY": "false", "BACKUPY_DOCKER_SOCKET": engine.socket, "BACKUPY_LOG_LEVEL": "trace",
        ]
        let process = try await agent.start(settings)
        try await eventually("the database is reported") { reports(agent).last?.map(\.name) == ["db"] }
        let found = try #require(reports(agent).last?.first)
        #expect(found.environmentNames == ["", "A", "POSTGRES_PASSWORD", "POSTGRES_USER"])
        #expect(found.suggestedTargets.first?.username == "container-env:POSTGRES_USER")
        isDown.withLock { $0 = true }
        try await eventually("it is said") { process.words.contains("no discovery") }
        let table = try agent.command(["discover", "--json"], settings)
        let dumped = try agent.command(["dump-state", "--allow-secrets"], settings)
        process.stop()
        // Said once, for all that is wrong.
        #expect(process.words.components(separatedBy: "\"no discovery\"").count == 2, "\(process.words.suffix(3000))")
        var wire = ""
        dump(agent.plane.peer.received, to: &wire)
        #expect(wire.contains("POSTGRES_PASSWORD") && wire.contains("15432"))
        let state = agent.folder.files().filter { $0.hasPrefix("state/") }.map { name in
            String(decoding: FileManager.default.contents(atPath: agent.folder(name)) ?? Data(), as: UTF8.self)
        }
        #expect(!state.isEmpty)
        for (place, text) in [
            ("the wire", wire), ("the log", process.words), ("the table", table.output + table.errors),
            ("the state", dumped.output + dumped.errors), ("the files", state.joined()),
        ] { #expect(!text.contains("planted"), "in \(place)") }
    }

    /// Protecting what was found is taking the target that was suggested: the password stays where it is.
    @Test func theSuggestedTargetIsBackedUp() async throws {
        let engine = try await DockerEngine()
        let bin = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").compactMap { Int($0) }.max())
        let script = """
            printf %s "$POSTGRES_PASSWORD" >/data/pass
            initdb -D /data/pg -U "$POSTGRES_USER" --auth=scram-sha-256 --pwfile=/data/pass -E UTF8 --no-locale --no-sync >/dev/null
            exec postgres -D /data/pg -c listen_addresses= -c unix_socket_directories=/run/postgresql -c fsync=off
            """
        try engine.run(
            "shop-db-1", ["/bin/sh", "-euc", script],
            options: [
                "--user", "postgres", "--env", "PATH=/usr/lib/postgresql/\(bin)/bin:/usr/bin:/bin",
                "--env", "POSTGRES_PASSWORD=\(Self.secret)", "--env", "POSTGRES_USER=planted-owner",
            ], image: "postgres:16")
        let agent = try await AgentFixture()
        let process = try await agent.start([
            "BACKUPY_DISABLE_DISCOVERY": "false", "BACKUPY_DOCKER_SOCKET": engine.socket,
        ])
        try await eventually("the database is reported") { reports(agent).last?.map(\.name) == ["shop-db-1"] }
        let found = try #require(reports(agent).last)
        var target = try #require(found.first?.suggestedTargets.first)
        target.id = "shop"
        let jobs = [Job(id: "shop-job", targetID: "shop")]
        agent.plane.peer.last?.send(
            .configUpdate(AgentConfiguration(version: 8, targets: [target], jobs: jobs, maxParallelJobs: 1)))
        try await eventually("it is applied") { process.words.contains("\"version\":\"8\"") }
        try await eventually("PostgreSQL runs in its container", within: .seconds(60)) {
            (try? engine.docker(["exec", "shop-db-1", "pg_isready", "-q"])) != nil
        }
        try await agent.plane.order("r1", job: "shop-job") {
            $0.recipients = [X25519Identity.random().recipient.description]
        }
        let run = try await agent.end(of: "r1", process)
        #expect(run.completed?.validated == .full, "\(run)")
        process.stop()
        var wire = ""
        dump(agent.plane.peer.received, to: &wire)
        #expect(!wire.contains("planted") && !process.words.contains("planted"))
    }

    /// Who may not use the socket is told so, once, and everything else of the agent goes on.
    @Test func aSocketWithoutPermission() async throws {
        let engine = try ScriptedEngine { request in
            switch request.line {
            case let path where path.contains("/version"): request.answer(200, #"{"ApiVersion":"1.41"}"#)
            case let path where path.contains("/events"):
                request.answer(200, "")
                request.waitForEnd()
            default: request.answer(200, "[]")
            }
        }
        let agent = try await AgentFixture()
        for path in [engine.folder.path, agent.folder.path] { chmod(path, 0o755) }
        chmod(engine.socket, 0o600)
        // The authority's folder is its owner's alone.
        try FileManager.default.copyItem(atPath: try TestAuthority.shared.get().file, toPath: agent.folder("ca.pem"))
        chmod(agent.folder("ca.pem"), 0o644)
        let settings = [
            "BACKUPY_DISABLE_DISCOVERY": "false", "BACKUPY_DOCKER_SOCKET": engine.socket,
            "BACKUPY_SERVER_CA_FILE": agent.folder("ca.pem"),
        ]
        try FileManager.default.createDirectory(atPath: agent.state, withIntermediateDirectories: false)
        chown(agent.state, 65532, 65532)
        let process = try TestProcess(
            "/usr/bin/setpriv",
            ["--reuid=65532", "--regid=65532", "--clear-groups", try TestTools.product("agent"), "run"],
            environment: try agent.environment(settings), log: agent.folder("log"))
        try await eventually("it is said", within: .seconds(30)) {
            guard process.isRunning else { throw TestFailure("the agent ended: \(process.words)") }
            return process.words.contains("Permission denied")
        }
        try await eventually("the agent is connected", within: .seconds(30)) {
            agent.plane.peer.messages.contains { if case .heartbeat = $0 { true } else { false } }
        }
        // It has been tried again by now.
        chmod(engine.socket, 0o666)
        try await eventually("it is said that discovery goes on", within: .seconds(40)) {
            process.words.contains("discovery goes on")
        }
        #expect(process.words.components(separatedBy: "\"no discovery\"").count == 2, "\(process.words)")
        process.stop()
    }
}
