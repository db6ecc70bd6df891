import BackupControl
import BackupCore
import BackupServer
import BackupTestSupport
import BackupWire
import Crypto
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import Synchronization

struct FakeHealth: HealthSink {
    func took(_ result: HealthResult, from agent: AgentRecord.ID) async throws {}
}

final class RecordedEvents: ControlEvents {
    private let state = Mutex<[BackupID: [RunRecord.Status]]>([:])
    private let versions = Mutex<[UInt64]>([])
    var applied: [UInt64] { versions.withLock { $0 } }
    func statuses(of run: BackupID) -> [RunRecord.Status] { state.withLock { $0[run] ?? [] } }
    func configurationApplied(_ agent: AgentRecord.ID, version: UInt64) async {
        versions.withLock { $0.append(version) }
    }
    func runChanged(_ run: RunRecord) async {
        state.withLock { state in
            if state[run.id]?.last != run.status { state[run.id, default: []].append(run.status) }
        }
    }
    func restoreChanged(_ restore: RestoreRecord) async {}
}

/// The agents' side of a server, in this process: gateway, dispatch and embedded store on one port.
final class GatewayFixture: Sendable {
    static let key = "bkpy_test_0123456789abcdefghijABCDEFGHIJ01"

    let port: Int
    let store: FakeControlStore
    let gateway: Gateway
    let desk: AgentDesk
    let storage: StorageService
    let keys: MasterKeys
    let links: StoreLinks
    let events = RecordedEvents()
    /// The server's data directory, which outlives it.
    let folder: TemporaryFolder
    private let task: Task<Void, any Error>

    init(
        store: FakeControlStore = FakeControlStore(), folder: TemporaryFolder? = nil,
        settings: GatewaySettings = GatewaySettings(),
        port: Int? = nil, isSecure: Bool = true, replica: String = "one", clock: DispatchClock = DispatchClock()
    ) async throws {
        self.store = store
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let port = try port ?? FreePort.next()
        self.port = port
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        keys = try MasterKeys.load(dataDirectory: folder.path, environment: [:])
        links = StoreLinks(publicURL: "\(isSecure ? "https" : "http")://localhost:\(port)", keys: keys)
        storage = StorageService(plans: store, keys: keys, links: links, dataDirectory: folder.path)
        let live = LiveAgents()
        desk = AgentDesk(
            stores: DispatchStores(agents: store, plans: store, runs: store, questions: store), storage: storage,
            keys: keys, live: live, health: FakeHealth(), events: events, replica: replica,
            interval: .milliseconds(200), clock: clock, logger: logger)
        let gateway = Gateway(agents: store, reception: desk, live: live, settings: settings, logger: logger)
        self.gateway = gateway
        let authority = try TestAuthority.shared.get()
        let certificates =
            isSecure
            ? try CertificateFiles(certificate: authority.certificate(.right), key: authority.key(.right)) : nil
        let router = Router()
        router.get("/hello") { _, _ in "hello" }
        StoreRoutes(storage: storage, links: links, logger: logger).add(to: router)
        let (running, isRunning) = AsyncStream<Void>.makeStream()
        let application = Application(
            router: router,
            server: HTTPServerBuilder { GatewayChannel(gateway: gateway, certificates: certificates, responder: $0) },
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { _ in isRunning.finish() }, logger: logger)
        task = Task { [desk] in
            defer { isRunning.finish() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await application.run() }
                group.addTask { await gateway.run() }
                group.addTask { await desk.dispatcher.run() }
                try await group.next()
                group.cancelAll()
            }
        }
        for await _ in running {}
        guard FreePort.isOpen(port) else { throw TestFailure("the server did not start: \(await task.result)") }
    }

    deinit { task.cancel() }

    /// Ends it without waiting. A test calls it last, so that the server is there until then.
    func stop() { task.cancel() }

    /// As if it were killed: nothing is said to anybody, and what is in memory is gone.
    func kill() async {
        task.cancel()
        _ = await task.result
        await storage.close()
    }

    // MARK: What there is

    static func addAgent(_ name: String, key: String = key, to store: FakeControlStore) async -> AgentRecord {
        let agent = AgentRecord(id: .init("agent-\(name)"), name: name, maxParallelJobs: 2, createdAt: Date())
        await store.addAgent(agent, keyHash: Array(SHA256.hash(data: Array(key.utf8))))
        return agent
    }

    /// A store, a target and a job.
    static func addJob(
        of agent: AgentRecord, port: Int = 5432, place: StorageProfile.Place = .embedded(directory: "store"),
        sealedSecret: [UInt8]? = nil, to store: FakeControlStore, _ change: (inout JobRecord) -> Void = { _ in }
    ) async -> JobRecord {
        let profile = StorageProfile(
            id: .init("profile"), name: "store", place: place, sealedSecret: sealedSecret, isDefault: true,
            createdAt: Date())
        await store.addStorage(profile)
        await store.addTarget(
            TargetRecord(
                id: .init("target"), agentID: agent.id, name: "shop", engine: .postgresql, host: "127.0.0.1",
                port: port, database: "app", username: "owner", secretReference: "env:APP_PASSWORD",
                createdAt: Date()))
        var job = JobRecord(
            id: .init("job"), agentID: agent.id, targetID: .init("target"), storageID: profile.id, name: "nightly",
            createdAt: Date())
        change(&job)
        await store.addJob(job)
        return job
    }

    func order(_ job: JobRecord) async throws -> BackupID {
        var random = SystemRandomNumberGenerator()
        let id = BackupID(at: Date(), using: &random)
        try await store.addRun(
            RunRecord(
                id: id, jobID: job.id, agentID: job.agentID, targetID: job.targetID, storageID: job.storageID,
                trigger: .manual, notBefore: Date(), compression: job.compression, engine: .postgresql,
                createdAt: Date()))
        desk.workChanged()
        return id
    }

    func waitFor(_ status: RunRecord.Status, of run: BackupID, within limit: Duration = .seconds(60)) async throws {
        try await eventually("run \(run) is \(status)", within: limit) { [store] in
            let now = await store.run(run)
            if let now, !now.status.isLive, now.status != status {
                throw TestFailure("run \(run) is \(now.status): \(String(describing: now.failure))")
            }
            return now?.status == status
        }
    }
}
