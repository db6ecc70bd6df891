import BackupAPI
import BackupControlStore
import BackupCore
import BackupTestSupport
import Foundation
import Synchronization

/// Real `backupy-server` processes over one PostgreSQL and one data directory, any of which may be killed and started again.
final class ReplicaSet: Sendable {
    static let password = "correct horse battery"

    let ports: [Int]
    let database: ControlDatabase
    private let server: PostgreSQLServer
    private let folder: TemporaryFolder
    private let processes: Mutex<[TestProcess]>

    init(_ count: Int) async throws {
        server = try await PostgreSQLServer()
        try server.createDatabase("control")
        folder = try TemporaryFolder()
        ports = try (0..<count).map { _ in try FreePort.next() }
        processes = Mutex([])
        // Makes the tables.
        database = try await ControlDatabase.open(Secret(server.url("control")))
        for index in ports.indices {
            let process = try start(index)
            processes.withLock { $0.append(process) }
        }
        for process in processes.withLock({ $0 }).enumerated() {
            try await process.element.waitForPort(ports[process.offset])
        }
    }

    func stop() async {
        for process in processes.withLock({ $0 }) { process.stop() }
        await database.close()
    }

    /// Somewhere: a replica that may be dead just now.
    var anyPort: Int { ports.randomElement() ?? 0 }
    var words: [String] { processes.withLock { $0 }.map(\.words) }
    func sql(_ text: String) throws -> [String] {
        try server.sql(text, in: "control").split(separator: "\n").map(String.init)
    }

    private func start(_ index: Int) throws -> TestProcess {
        let number = UInt32.random(in: .min ... .max)
        return try TestProcess(
            try TestTools.product("backupy-server"),
            ["--listen", "127.0.0.1:\(ports[index])", "--data-dir", folder("data"), "--log-level", "notice"],
            environment: [
                "BACKUPY_DATABASE_URL": server.url("control"), "BACKUPY_REQUESTS_PER_MINUTE": "1000000",
                "BACKUPY_LOGINS_PER_MINUTE": "1000000",
            ], log: folder("log-\(index)-\(number)"))
    }

    // MARK: Dying

    /// SIGKILL: nothing is said to anybody.
    func kill(_ index: Int) async throws {
        let process = processes.withLock { $0[index] }
        process.send(SIGKILL)
        try await eventually("it is dead") { !process.isRunning }
    }

    func startAgain(_ index: Int) async throws {
        let process = try start(index)
        processes.withLock { $0[index] = process }
        try await process.waitForPort(ports[index])
    }

    // MARK: The first owner

    func owner() async throws -> String {
        try await eventually("the token is printed") { self.words.contains { $0.contains("the token bks_") } }
        // Each prints one, and any will do, at any of them.
        guard let setup = words.compactMap({ $0.firstMatch(of: /token (bks_[a-z0-9]+)/) }).first?.1 else {
            throw TestFailure("there is no token")
        }
        let person = #""email":"owner@example.com","password":"\#(Self.password)""#
        _ = try await ReplicaCall.send(
            "POST", ports[0], "/v1/auth/setup", #"{"token":"\#(setup)","name":"Olga",\#(person)}"#)
        let reply = try await ReplicaCall.send("POST", ports[0], "/v1/auth/login", "{\(person)}")
        let document = try APICoding.decoder().decode(LoginDocument.self, from: Data(reply.body.utf8))
        guard let token = document.token else { throw TestFailure(reply.body) }
        return token
    }
}
