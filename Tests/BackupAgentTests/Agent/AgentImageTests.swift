import BackupCore
import BackupFormat
import BackupTestSupport
import BackupWire
import Foundation
import Testing

private let imageFile = ProcessInfo.processInfo.environment["BACKUPY_TEST_IMAGE"]

/// The agent's image, as a person runs it. Needs the image in a file, and a network namespace: `script/prove-image`.
@Suite(.enabled(if: imageFile != nil, "BACKUPY_TEST_IMAGE names no image: script/prove-image makes one"))
struct AgentImageTests {
    private static let password = "planted-s3cret"
    private static let agent = "backupy-agent-1"

    /// Found by events, backed up inside of its container and over a bridge network, and reported as healthy.
    @Test func theImageProtectsADatabaseBesideIt() async throws {
        let engine = try await DockerEngine(hasNetworks: true)
        try engine.docker(["load", "--input", try #require(imageFile)])
        try engine.docker(["network", "create", "shop"])
        let gateway = try engine.docker([
            "network", "inspect", "shop", "--format", "{{(index .IPAM.Config 0).Gateway}}",
        ])
        let fixture = try await AgentFixture()
        let forwards = try startAgent(fixture, engine, gateway)
        defer { for forward in forwards { forward.stop() } }
        let words = { (try? engine.docker(["logs", Self.agent])) ?? "" }
        try await eventually("the agent is connected", within: .seconds(30)) {
            guard !fixture.plane.peer.connections.isEmpty else {
                guard try engine.docker(["ps", "--quiet", "--filter", "name=\(Self.agent)"]) != "" else {
                    throw TestFailure("the agent ended: \(words())")
                }
                return false
            }
            return true
        }
        try await eventually("Docker calls it healthy", within: .seconds(30)) {
            try engine.docker(["inspect", Self.agent, "--format", "{{.State.Health.Status}}"]) == "healthy"
        }
        #expect(reports(fixture).last ?? [] == [])
        try startDatabase(engine)
        try await eventually("the database is reported", within: .seconds(10)) {
            reports(fixture).last?.map(\.name) == ["shop-db-1"]
        }
        let ways = try #require(reports(fixture).last?.first?.suggestedTargets)
        #expect(ways.map(\.strategy) == [.dockerExec, .tcp] && ways.last?.host == "shop-db-1")
        let targets = ["inside", "network"].enumerated().map { number, id in
            var target = ways[number]
            target.id = id
            return target
        }
        let jobs = targets.map { Job(id: "job-\($0.id)", targetID: $0.id) }
        fixture.plane.peer.last?.send(
            .configUpdate(AgentConfiguration(version: 8, targets: targets, jobs: jobs, maxParallelJobs: 1)))
        for target in targets {
            let id = "run-\(target.id)"
            try await fixture.plane.order(id, job: "job-\(target.id)") {
                $0.recipients = [X25519Identity.random().recipient.description]
            }
            try await eventually("\(id) has ended", within: .seconds(60)) { fixture.plane.run(id)?.end != nil }
            let run = try #require(fixture.plane.run(id))
            #expect(run.completed?.validated == .full, "\(target.id): \(run)\n\(words().suffix(3000))")
            #expect(run.completed?.engineVersion.contains(/^PostgreSQL [1-9][0-9]/) == true)
        }
        // As it should be run: nobody's user, on a root that can't be written, with no capability.
        #expect(try engine.docker(["exec", Self.agent, "id", "-u"]) == "65532")
        #expect(throws: TestFailure.self) { try engine.docker(["exec", Self.agent, "touch", "/x"]) }
        let status = try engine.docker(["exec", Self.agent, "cat", "/proc/1/status"])
        #expect(status.contains("CapEff:\t0000000000000000") && status.contains("NoNewPrivs:\t1"))
        var wire = ""
        dump(fixture.plane.peer.received, to: &wire)
        #expect(!wire.contains("planted") && !words().contains("planted"))
        try engine.docker(["stop", "--time", "20", Self.agent])
        #expect(try engine.docker(["inspect", Self.agent, "--format", "{{.State.ExitCode}}"]) == "0")
    }

    private func reports(_ agent: AgentFixture) -> [[DiscoveredContainer]] {
        agent.plane.peer.messages.compactMap { if case .discovery(let containers) = $0 { containers } else { nil } }
    }

    private func startDatabase(_ engine: DockerEngine) throws {
        let bin = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql").compactMap { Int($0) }.max())
        let script = """
            printf %s "$POSTGRES_PASSWORD" >/data/pass
            initdb -D /data/pg -U "$POSTGRES_USER" --auth=scram-sha-256 --pwfile=/data/pass -E UTF8 --no-locale --no-sync >/dev/null
            echo 'host all all all scram-sha-256' >>/data/pg/pg_hba.conf
            exec postgres -D /data/pg -c 'listen_addresses=*' -c unix_socket_directories=/run/postgresql -c fsync=off
            """
        try engine.run(
            "shop-db-1", ["/bin/sh", "-euc", script],
            options: [
                "--user", "postgres", "--env", "PATH=/usr/lib/postgresql/\(bin)/bin:/usr/bin:/bin", "--expose", "5432",
                "--env", "POSTGRES_PASSWORD=\(Self.password)", "--env", "POSTGRES_USER=planted-owner",
            ], image: "postgres:16", network: "shop")
        let end = ContinuousClock.now + .seconds(60)
        while (try? engine.docker(["exec", "shop-db-1", "pg_isready", "-q"])) == nil, .now < end { usleep(100_000) }
    }

    /// The control plane and the store listen on this machine's loopback interface; the agent finds them on its own.
    private func startAgent(_ fixture: AgentFixture, _ engine: DockerEngine, _ gateway: String) throws -> [TestProcess]
    {
        let settings = try fixture.environment([
            "BACKUPY_SERVER_CA_FILE": "/ca.pem", "BACKUPY_STATE_DIR": "/var/lib/backup-agent",
            "BACKUPY_DISABLE_DISCOVERY": "false", "BACKUPY_METRICS_LISTEN_ADDR": "127.0.0.1:9090",
        ])
        let group = try FileManager.default.attributesOfItem(atPath: engine.socket)[.groupOwnerAccountID] as? Int ?? 0
        let authority = try TestAuthority.shared.get().file
        chmod(authority, 0o644)
        try engine.docker(
            [
                "run", "--detach", "--name", Self.agent, "--network", "shop", "--read-only", "--cap-drop", "ALL",
                "--security-opt", "no-new-privileges:true", "--tmpfs", "/tmp:mode=1777,size=64m",
                "--group-add", "\(group)", "--health-interval", "1s",
                "--volume", "\(engine.socket):/var/run/docker.sock:ro", "--volume", "\(authority):/ca.pem:ro",
                "--volume", "agent-state:/var/lib/backup-agent",
            ] + settings.sorted { $0.key < $1.key }.flatMap { ["--env", "\($0.key)=\($0.value)"] } + ["backupy/agent:1"]
        )
        let process = try engine.docker(["inspect", Self.agent, "--format", "{{.State.Pid}}"])
        let store = try #require(URL(string: fixture.seaweed.endpoint)?.port)
        return try [fixture.plane.peer.port, store].flatMap { port in
            let inside = "TCP-LISTEN:\(port),bind=127.0.0.1,fork,reuseaddr"
            let outside = "TCP-LISTEN:\(port),bind=\(gateway),fork,reuseaddr"
            return [
                try TestProcess(
                    "/usr/bin/socat", [outside, "TCP:127.0.0.1:\(port)"], log: fixture.folder("outside-\(port)")),
                try TestProcess(
                    "/usr/bin/nsenter",
                    ["--net=/proc/\(process)/ns/net", "/usr/bin/socat", inside, "TCP:\(gateway):\(port)"],
                    log: fixture.folder("inside-\(port)")),
            ]
        }
    }
}
