internal import BackupControl
internal import BackupControlStore
internal import FoundationEssentials
internal import Logging
internal import ServiceLifecycle

/// What the server does by itself: scheduler, silence, retention, deliveries, and taking away what was left.
struct ServerLoops: Sendable {
    let database: ControlDatabase
    let scheduler: Scheduler
    let silence: SilenceWatch
    let retention: RetentionKeeper
    let deliveries: DeliveryDesk
    let uploads: UploadSweeper
    let rotation: KeyRotation
    let history: History
    private let logger: Logger

    init(
        database: ControlDatabase, keys: MasterKeys, sender: ChannelSender, agents: AgentSide, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.database = database
        self.logger = logger
        scheduler = Scheduler(
            runs: database, schedule: database, workChanged: { agents.link.workChanged() }, logger: logger, now: now)
        silence = SilenceWatch(store: database, logger: logger, now: now)
        retention = RetentionKeeper(
            store: database, deleter: StoredBackups(storage: agents.storage), logger: logger, now: now)
        rotation = KeyRotation(store: database, keys: keys, logger: logger)
        history = History(database: database, now: now)
        uploads = UploadSweeper(
            plans: database, runs: database, target: { [storage = agents.storage] in try await storage.target($0) },
            logger: logger, now: now)
        deliveries = DeliveryDesk(
            store: database, sender: sender, replica: String(UInt64.random(in: .min ... .max), radix: 36),
            logger: logger, now: now)
    }

    var services: [any Service] {
        let (scheduler, silence, retention, deliveries) = (scheduler, silence, retention, deliveries)
        let (uploads, rotation, history) = (uploads, rotation, history)
        return [
            loop("scheduler", ["jobs"], .seconds(15)) { try await scheduler.pass() },
            loop("silence", [], .seconds(30)) { try await silence.pass() },
            loop("retention", ["retention"], .seconds(900)) { try await retention.pass() },
            loop("deliveries", ["notifications"], .seconds(60)) { try await deliveries.pass() },
            loop("uploads", [], .seconds(3600)) { try await uploads.pass() },
            loop("keys", [], .seconds(3600)) { try await rotation.pass() },
            loop("history", [], .seconds(3600)) { try await history.pass() },
        ]
    }

    private func loop(
        _ name: String, _ topics: Set<String>, _ interval: Duration, _ pass: @escaping ServerLoop.Pass
    ) -> ServerLoop {
        ServerLoop(
            name: name, topics: topics, interval: interval, wakeUps: { [sql = database.sql] in sql.wakeUps() },
            logger: logger, pass: pass)
    }
}
