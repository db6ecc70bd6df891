import BackupCore
import BackupStorage
import BackupTestSupport
import BackupWire
import Foundation

/// The real agent as a process, its control plane, a store and a database.
final class AgentFixture: Sendable {
    let plane: TestControlPlane
    let database: PostgreSQLServer
    let seaweed: SeaweedFS
    let folder: TemporaryFolder
    /// nil: the agent runs in the network of this machine.
    private let network: TestNetwork?
    private let relays: [TestRelay]
    var state: String { folder("state") }

    /// - Parameters:
    ///   - script: what the control plane is like.
    ///   - network: that the agent is to live in. The control plane and the store are at the other end of it, the database
    ///     at a socket of this machine.
    init(
        _ script: PeerScript = .current, jobs: [Job] = [Job(id: "job", targetID: "target")],
        in network: TestNetwork? = nil
    ) async throws {
        self.network = network
        seaweed = try await SeaweedFS()
        database = try await PostgreSQLServer()
        try database.createDatabase("app")
        _ = try database.sql(
            "CREATE TABLE t AS SELECT i, md5(i::text) AS text FROM generate_series(1, 200000) AS i", in: "app")
        folder = try TemporaryFolder()
        var endpoint = seaweed.endpoint
        var relays: [TestRelay] = []
        if let network {
            relays.append(try await TestRelay(on: network.address, to: seaweed.port))
            endpoint = "http://\(network.address):\(relays[0].port)"
        }
        var settings = S3Settings(
            credentials: S3Credentials(
                accessKeyID: SeaweedFS.accessKey, secretAccessKey: Secret(SeaweedFS.secretKey)),
            region: "us-east-1", endpoint: try S3Endpoint(endpoint))
        settings.isPathStyle = true
        let store = try S3Store(bucket: SeaweedFS.bucket, prefix: "", settings: settings)
        var script = script
        var target = AgentFixture.target(database)
        if network != nil { (target.host, target.strategy) = (database.folder.path, .unixSocket) }
        script.configuration = AgentConfiguration(version: 7, targets: [target], jobs: jobs, maxParallelJobs: 2)
        plane = try await TestControlPlane(script, store: store)
        if let network {
            relays.append(try await TestRelay(on: network.address, to: plane.peer.port))
            try Data("\(network.address) backups.test\n".utf8).write(to: URL(filePath: folder("hosts")))
        }
        self.relays = relays
    }

    static func target(_ server: PostgreSQLServer, database: String = "app", id: String = "target") -> Target {
        Target(
            id: id, engine: .postgresql, host: "127.0.0.1", port: server.port, database: database, username: "owner",
            password: SecretReference("env:APP_PASSWORD"))
    }

    /// Of the agent. The control plane's certificate is the test authority's, and the store is reached over plain HTTP on this
    /// machine.
    func environment(_ more: [String: String] = [:]) throws -> [String: String] {
        [
            "BACKUPY_SERVER_URL": "https://localhost:\(plane.peer.port)", "BACKUPY_AGENT_KEY": plane.peer.script.key,
            "BACKUPY_SERVER_CA_FILE": try TestAuthority.shared.get().file, "BACKUPY_STATE_DIR": state,
            "BACKUPY_METRICS_LISTEN_ADDR": "127.0.0.1:\(try FreePort.next())", "BACKUPY_DISABLE_DISCOVERY": "true",
            "BACKUPY_LOG_LEVEL": "debug",
            "APP_PASSWORD": PostgreSQLServer.password, "no_proxy": "*",
        ].merging(more) { $1 }
    }

    /// Starts the agent, and waits until it is connected.
    func start(_ more: [String: String] = [:], waiting: Bool = true) async throws -> TestProcess {
        let before = plane.peer.connections.count
        var command = [try TestTools.product("agent"), "run"]
        var environment = try environment(more)
        if let network {
            command = network.command(hosts: folder("hosts")) + command
            environment["BACKUPY_SERVER_URL"] = "https://backups.test:\(relays[1].port)"
            // The store's address is no loopback one.
            environment["BACKUPY_DEV_ALLOW_INSECURE"] = "true"
        }
        let process = try TestProcess(
            command[0], Array(command.dropFirst()), environment: environment, log: folder("log"))
        guard waiting else { return process }
        try await eventually("the agent is connected", within: .seconds(30)) { [plane] in
            guard process.isRunning else { throw TestFailure("the agent ended: \(process.words.suffix(3000))") }
            return plane.peer.connections.count > before
                && plane.peer.last?.received.contains { if case .heartbeat = $0.message { true } else { false } }
                    == true
        }
        return process
    }

    func command(_ arguments: [String], _ more: [String: String] = [:]) throws -> TestProcess.Outcome {
        try TestProcess.run(try TestTools.product("agent"), arguments, environment: try environment(more))
    }

    /// Waits until a run has ended.
    func end(of id: String, _ process: TestProcess, within limit: Duration = .seconds(60)) async throws
        -> TestControlPlane.Run
    {
        try await eventually("run \(id) has ended", within: limit) { [plane] in
            guard process.isRunning else { throw TestFailure("the agent ended: \(process.words.suffix(3000))") }
            return plane.run(id)?.end != nil
        }
        guard let run = plane.run(id) else { throw TestFailure("there is no run \(id)") }
        return run
    }

    // MARK: A dump that waits

    /// A session that holds a lock on the table, so that pg_dump waits, until ``releaseLock()``.
    func holdLock() throws -> TestProcess {
        let statement = "BEGIN; LOCK t IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)"
        return try TestProcess(
            "/usr/bin/env", ["psql", "-X", "-c", statement, database.url("app")], log: folder("lock.log"))
    }

    /// The server's side of a session goes on sleeping without its client.
    func releaseLock() throws {
        _ = try database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
    }

    func waitsForLock() throws -> Bool {
        try database.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != "0"
    }
}
