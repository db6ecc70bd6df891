import BackupCore
@testable import BackupDiscovery
import BackupDrivers
import BackupTestSupport
import Foundation
import Testing

@Suite struct DiscoveryPassTests {
    private struct FakeEngine: ContainerEngine {
        let facts: [ContainerFacts]
        func containers() async throws -> [ContainerFacts] { facts }
        func follow(_ told: @escaping @Sendable (ContainerSignal) -> Void) async throws {}
    }

    private typealias Evidence = DiscoveredDatabase.Evidence

    private static func facts(
        _ image: String, labels: [String: String] = [:], ports: [ContainerFacts.ExposedPort] = []
    ) -> ContainerFacts {
        ContainerFacts(id: "1f", name: "db", image: image, labels: labels, exposedPorts: ports)
    }

    private static let cases: [(ContainerFacts, DatabaseEngine?, Evidence?)] = [
        (facts("postgres"), .postgresql, .image),
        (facts("acme/app", ports: [.init(5432)]), .postgresql, .port),
        (facts("acme/app", ports: [.init(3306), .init(33060)]), .mysql, .port),
        (facts("acme/app", ports: [.init(27017)]), .mongodb, .port),
        (facts("acme/app", ports: [.init(6379)]), .redis, .port),
        (facts("acme/api-postgres", ports: [.init(5432)]), .postgresql, .port),
        (facts("acme/app", ports: [.init(5432, protocol: "udp")]), nil, nil),
        (facts("acme/app", ports: [.init(5432), .init(6379)]), nil, nil),
        (facts("acme/app", ports: [.init(8080)]), nil, nil),
        (facts("edoburu/pgbouncer", ports: [.init(5432)]), nil, nil),
        (facts("prodrigestivill/postgres-backup-local", ports: [.init(5432)]), nil, nil),
        (facts("postgres", labels: ["backupy.enable": "false"]), nil, nil),
        (facts("postgres", labels: ["backupy.enable": "0", "backupy.type": "mysql"]), nil, nil),
        (facts("postgres", labels: ["backupy.enable": "perhaps"]), .postgresql, .image),
        (facts("acme/app", labels: ["backupy.type": "Postgres"]), .postgresql, .label),
        (facts("postgres", labels: ["backupy.type": "mariadb"]), .mariadb, .label),
        (facts("postgres", labels: ["backupy.type": "oracle"]), .postgresql, .image),
        (facts("acme/app", labels: ["backupy.type": "valkey"]), .redis, .label),
        (facts("acme/app", labels: ["backupy.enable": "true"]), nil, nil),
        (
            facts("acme/postgres-backup", labels: ["backupy.enable": "true"], ports: [.init(5432)]), .postgresql, .port
        ),
    ]

    @Test(arguments: 0..<cases.count) func labelsThenTheImageThenPorts(_ number: Int) {
        let (facts, engine, evidence) = Self.cases[number]
        let found: DiscoveredDatabase? =
            if case .database(let database) = DiscoveryRules.verdict(on: facts) { database } else { nil }
        #expect(found?.engine == engine && found?.evidence == evidence, "\(facts)")
    }

    @Test func databasesComeByName() async throws {
        var one = Self.facts("redis")
        one.name = "b"
        var two = Self.facts("postgres", labels: ["backupy.database": "shop"])
        two.name = "a"
        let found = try await DiscoveryPass(FakeEngine(facts: [one, Self.facts("nginx"), two])).run()
        #expect(found.map(\.container.name) == ["a", "b"] && found.map(\.database) == ["shop", ""])
    }

    /// Secrets in every place that the engine's answers have; none of them comes out.
    @Test func aRealEngineAndPlantedSecrets() async throws {
        let engine = try await DockerEngine()
        let secret = "planted-s3cret"
        try engine.docker(["tag", "machine", "quay.io/acme/postgresql:16"])
        try engine.docker(["tag", "machine", "acme/thing:1"])
        func run(_ name: String, _ image: String, _ options: [String]) throws {
            try engine.docker(
                ["run", "--detach", "--name", name, "--network", "none", "--volume", "/usr:/usr:ro"] + options
                    + [image, "/bin/sh", "-c", "exec sleep 600 # \(secret)"])
        }
        try run(
            "pg", "quay.io/acme/postgresql:16",
            [
                "--env", "POSTGRES_PASSWORD=\(secret)", "--env", "POSTGRES_USER=\(secret)", "--env", "EMPTY=",
                "--env", "WITH_EQUALS=a=\(secret)", "--label", "password=\(secret)", "--label", "backupy.database=shop",
                "--hostname", secret, "--workdir", "/tmp", "--expose", "5432", "--expose", "53/udp",
            ])
        try run("by-port", "acme/thing:1", ["--expose", "6379", "--env", "TOKEN=\(secret)"])
        try run("nothing", "acme/thing:1", ["--env", "TOKEN=\(secret)"])
        let api = try DockerEngineAPI(socket: "unix://" + engine.socket)
        let found = try await DiscoveryPass(api).run()
        #expect(found.map(\.container.name) == ["by-port", "pg"])
        let pg = try #require(found.last)
        #expect(pg.engine == .postgresql && pg.evidence == .image && pg.database == "shop")
        #expect(pg.container.image == "quay.io/acme/postgresql:16" && pg.container.networks == ["none"])
        #expect(pg.container.exposedPorts == [.init(53, protocol: "udp"), .init(5432)])
        let names = pg.container.environmentNames
        #expect(Set(["POSTGRES_PASSWORD", "POSTGRES_USER", "EMPTY", "WITH_EQUALS"]).isSubset(of: names))
        #expect(pg.container.id.count == 64 && found.first?.engine == .redis)
        // All that ever leaves the module, in every depth.
        var all = ""
        dump(try await api.containers(), to: &all)
        dump(found, to: &all)
        #expect(all.contains("POSTGRES_PASSWORD") && !all.contains("planted"))
    }

    /// Answers that are cut, endless or no answers: an error that repeats none of them.
    @Test func anEngineThatAnswersWithGarbage() async throws {
        let folder = try TemporaryFolder()
        let script = """
            import os, socket, sys
            version = b"HTTP/1.0 200 OK\\r\\n\\r\\n{\\"ApiVersion\\": \\"1.41\\"}"
            answers = [b"planted", version, b"HTTP/1.0 200 OK\\r\\n\\r\\n[{\\"Id\\": \\"planted", b"HTTP/1.0 200 OK\\r\\n\\r\\n{\\"a\\": \\"planted\\"}",
                b"HTTP/1.0 500 planted\\r\\n\\r\\nplanted", b"HTTP/1.0 200 OK\\r\\n\\r\\n[{\\"Id\\": \\"../planted\\"}]",
                b"HTTP/1.0 200 OK\\r\\n\\r\\n[" + b" " * (5 << 20), b""]
            server = socket.socket(socket.AF_UNIX)
            server.bind(sys.argv[1] + ".new")
            server.listen(8)
            os.rename(sys.argv[1] + ".new", sys.argv[1])
            for answer in answers:
                peer, _ = server.accept()
                peer.recv(65536)
                try: peer.sendall(answer)
                except OSError: pass
                peer.close()
            """
        let process = try TestProcess("/usr/bin/python3", ["-c", script, folder("docker.sock")], log: folder("log"))
        let api = try DockerEngineAPI(socket: folder("docker.sock"))
        try await eventually("it listens") { FileManager.default.fileExists(atPath: folder("docker.sock")) }
        for number in 1...7 {
            let error = await #expect(throws: DriverError.self, "answer \(number)") { try await api.containers() }
            #expect(error?.code == "driver.docker_failed" && error?.message.contains("planted") == false, "\(number)")
        }
        process.stop()
    }

    @Test func anEngineThatIsNone() async throws {
        let folder = try TemporaryFolder()
        let error = await #expect(throws: DriverError.self) {
            try await DiscoveryPass(try DockerEngineAPI(socket: folder("nothing.sock"))).run()
        }
        #expect(error?.code == "driver.docker_unreachable")
        #expect(throws: DriverError.self) { try DockerEngineAPI(socket: "relative") }
    }
}
