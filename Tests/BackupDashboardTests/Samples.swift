import BackupControl
import BackupCore
import BackupDashboard
import Foundation

/// Pages with data as they look in real life, and the same with every text made hostile.
struct Samples {
    /// What is done to each text that a person, an agent or a database may have chosen.
    var text: @Sendable (String) -> String = { $0 }
    var context: PageContext

    static let now = Date(timeIntervalSince1970: 1_774_440_000)  // 2026-03-25 12:00 UTC

    init(
        language: Language = .english, theme: PageContext.Theme = .system,
        text: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.text = text
        context = PageContext(
            language: language, theme: theme, now: Self.now,
            viewer: .init(name: text("Ada Lovelace"), email: text("ada@example.com"), role: .owner),
            csrfToken: text("csrf"), path: "/", serverURL: text("https://backups.example.com"), version: text("1.0.0"))
    }

    /// Every page by name.
    var pages: [(name: String, html: HTML)] {
        [
            ("setup", EntryPages.setup(anonymous)), ("login", EntryPages.login(anonymous)),
            ("first-agent", overview(.addAgent)), ("first-wait", overview(.waitForAgent(name: text("web-1")))),
            ("first-protect", overview(.protect(Array(discovered.filter { $0.jobID == nil })))),
            ("first-nothing", overview(.protect([]))),
            ("first-start", overview(.startBackup(jobs[0]))), ("first-backup", overview(.firstBackup(runs[0]))),
            ("first-failed", overview(.firstBackup(runs[2]))), ("first-done", overview(.done(runs[1]))),
            ("overview", overview(nil)), ("overview-empty", OverviewPage.html(OverviewModel(), context)),
            ("agents", AgentsPage.html(agents, query: query("/agents"), next: text("50"), context)),
            ("agents-empty", AgentsPage.html([], query: query("/agents"), next: nil, context)), ("agent", agent),
            ("discovered", DiscoveredPage.html(discovered, query: query("/discovered"), context)),
            ("discovered-empty", DiscoveredPage.html([], query: query("/discovered"), context)),
            ("jobs", JobsPage.html(jobs, choices: choices, query: query("/jobs"), next: nil, context)),
            ("jobs-empty", JobsPage.html([], choices: JobChoices(), query: query("/jobs"), next: nil, context)),
            ("job", job),
            (
                "runs",
                RunsPage.html(
                    runs, agents: [(text("a1"), text("web-1"))], query: query("/runs"), next: text("cursor"), context)
            ),
            ("runs-empty", RunsPage.html([], agents: [], query: query("/runs"), next: nil, context)),
            ("runs-nothing", nothing), ("run", run), ("run-live", liveRun("upload")),
            ("run-proving", liveRun("validate")), ("run-waits", liveRun("")), ("run-failed", failedRun),
            ("restores", RestoresPage.html(restores, query: query("/restores"), next: nil, context)),
            ("restores-empty", RestoresPage.html([], query: query("/restores"), next: nil, context)),
            ("health", HealthPage.html(health, query: query("/health"), context)),
            ("health-empty", HealthPage.html(HealthModel(checks: []), query: query("/health"), context)),
            ("storage", StoragePage.html(storage, query: query("/storage"), context)),
            ("storage-empty", StoragePage.html(StorageModel(profiles: []), query: query("/storage"), context)),
            ("notifications", NotificationsPage.html(notifications, query: query("/notifications"), context)),
            ("notifications-empty", noChannels),
            ("audit", AuditPage.html(audit, query: query("/audit"), next: nil, context)),
            ("settings", SettingsPage.html(settings, context)),
            ("status-settings", StatusPages.settings(status, context)),
            ("status", StatusPages.published(status, anonymous)),
            ("status-empty", StatusPages.settings(noStatus, context)),
            ("not-found", EntryPages.notFound(anonymous)), ("forbidden", EntryPages.forbidden(anonymous)),
            ("too-many", EntryPages.tooMany(anonymous)),
            ("failed", EntryPages.failed(text("1f2e3d4c5b6a7988"), anonymous)),
        ]
    }

    private var anonymous: PageContext {
        var context = context
        context.viewer = nil
        return context
    }

    private func query(_ path: String) -> ListQuery { ListQuery(path: path) }
    private func ago(_ hours: Double) -> Date { Self.now.addingTimeInterval(-hours * 3600) }
}

// MARK: Overview and agents

extension Samples {
    private func overview(_ start: FirstRun?) -> HTML {
        var model = OverviewModel()
        model.protected = 11
        model.databases = 13
        model.lateJobs = 1
        model.late = [
            .init(
                jobID: text("j3"), jobName: text("analytics nightly"), agentName: text("db-2"), expectedBy: ago(5),
                lastProvenAt: ago(33))
        ]
        model.agentsConnected = 4
        model.agents = 5
        model.lostAgents = agents.filter { !$0.isConnected }
        model.succeededToday = 27
        model.failedToday = 1
        model.storedToday = 14_200_000_000
        model.storedTotal = 812_000_000_000
        model.live = [runs[0]]
        model.recent = Array(runs.dropFirst())
        model.next = jobs.filter(\.isEnabled)
        model.calendar = calendar
        model.start = start
        return OverviewPage.html(model, context)
    }

    var agents: [AgentRow] {
        [
            AgentRow(
                id: text("a1"), name: text("web-1"), isConnected: true, lastSeenAt: ago(0.003), version: text("1.0.0"),
                hostname: text("web-1.example.net"), system: text("linux/amd64"), targets: 3, jobs: 3),
            AgentRow(
                id: text("a2"), name: text("db-2"), isConnected: false, lastSeenAt: ago(6.2), version: text("0.9.4"),
                hostname: text("db-2.example.net"), system: text("linux/arm64"), targets: 8, jobs: 9, isUpToDate: false),
            AgentRow(
                id: text("a3"), name: text("billing"), isConnected: true, lastSeenAt: ago(0.004),
                version: text("1.0.0"),
                hostname: text("billing.example.net"), system: text("linux/amd64"), targets: 1, jobs: 1),
        ]
    }

    private var agent: HTML {
        var model = AgentModel(row: agents[0])
        model.connectedAt = ago(53)
        model.dockerVersion = text("27.3.1")
        model.maxParallelJobs = 2
        model.maintenance = text("02:00–02:30")
        model.isAutoUpdateEnabled = true
        model.targets = [
            TargetRow(
                id: text("t1"), name: text("shop"), engine: text("postgresql"), address: text("postgres:5432"),
                database: text("shop"), lastProvenAt: ago(9)),
            TargetRow(
                id: text("t2"), name: text("sessions"), engine: text("redis"), address: text("redis:6379"), database: ""
            ),
        ]
        model.jobs = jobs
        model.discovered = discovered
        model.runs = Array(runs.prefix(4))
        return AgentPage.html(model, query: ListQuery(path: "/agents/a1"), context)
    }

    var discovered: [DiscoveredRow] {
        let rows = [
            ("shop-postgres-1", "postgresql", "postgres:17-alpine", "5432/tcp", "j1" as String?),
            ("shop-redis-1", "redis", "valkey/valkey:8", "6379/tcp", nil),
            ("wiki-mariadb-1", "mariadb", "mariadb:11.4", "127.0.0.1:3306 → 3306/tcp", nil),
        ]
        var found = rows.map { name, engine, image, port, job in
            DiscoveredRow(
                id: text("c-" + name), agentID: text("a1"), agentName: text("web-1"), name: text(name),
                engine: text(engine), image: text(image), networks: [text("shop_default")], ports: [text(port)],
                jobID: job.map(text))
        }
        // A target already, whose job is gone.
        found[2].targetID = text("t3")
        return found
    }
}

// MARK: Jobs and runs

extension Samples {
    var jobs: [JobRow] {
        [
            JobRow(
                id: text("j1"), name: text("shop nightly"), agentID: text("a1"), agentName: text("web-1"),
                targetName: text("shop"), engine: text("postgresql"), cron: text("15 3 * * *"), nextDueAt: ago(-15.25),
                last: runs[1]),
            JobRow(
                id: text("j2"), name: text("sessions hourly"), agentID: text("a1"), agentName: text("web-1"),
                targetName: text("sessions"), engine: text("redis"), cron: text("@hourly"), nextDueAt: ago(-0.4),
                last: runs[0]),
            JobRow(
                id: text("j3"), name: text("analytics nightly"), agentID: text("a2"), agentName: text("db-2"),
                targetName: text("analytics"), engine: text("mariadb"), cron: text("0 2 * * mon-fri"),
                nextDueAt: ago(-14),
                isLate: true, last: runs[2]),
            JobRow(
                id: text("j4"), name: text("archive"), agentID: text("a3"), agentName: text("billing"),
                targetName: text("ledger"), engine: text("mysql"), cron: text("5,35 9-17 * jan *"), isEnabled: false),
        ]
    }

    private var choices: JobChoices {
        var choices = JobChoices()
        choices.targets = [(text("t1"), text("a1"), text("shop · web-1"))]
        choices.storages = [(text("s1"), text("Built in"))]
        return choices
    }

    private var job: HTML {
        var model = JobModel(row: jobs[0])
        model.storageName = text("Built in")
        model.retention = RetentionPolicy(days: 30, weekly: 8, monthly: 12)
        model.expectedBy = ago(-17)
        model.nextTimes = (0..<5).map { ago(-15.25 - Double($0) * 24) }
        model.calendar = calendar
        model.history = history
        model.runs = Array(runs.dropFirst())
        return JobPage.html(model, context)
    }

    var runs: [RunRow] {
        [
            row(
                "20260325-115800-k3v9qz", "sessions", "redis", .uploading, 0.03, seconds: nil, size: nil,
                progress: meter),
            row("20260325-031500-8mq2rt", "shop", "postgresql", .success, 8.75, seconds: 412, size: 6_310_000_000),
            row(
                "20260325-020000-zz81xk", "analytics", "mariadb", .failed, 10, seconds: 61, size: nil,
                error: "mariadb-dump: Error 1045: Access denied for user 'backup'@'10.0.0.7' (using password: YES)"),
            row("20260324-190000-c4n7ab", "ledger", "mysql", .cancelled, 17, seconds: 12, size: nil, trigger: .manual),
            row("20260324-031500-x2w9jj", "shop", "postgresql", .success, 32.75, seconds: 398, size: 6_270_000_000),
            row(
                "20260323-020000-p0pvv3", "analytics", "mariadb", .lost, 58, seconds: nil, size: nil,
                error: "the agent forgot it"),
        ]
    }

    private var meter: RunMeter {
        RunMeter(percent: 62, stage: "upload", bytesDone: 1_430_000_000, bytesPerSecond: 84_000_000, secondsLeft: 31)
    }

    private func row(
        _ id: String, _ target: String, _ engine: String, _ status: RunRecord.Status, _ hours: Double, seconds: Double?,
        size: UInt64?, progress: RunMeter? = nil, error: String = "", trigger: RunRecord.Trigger = .schedule
    ) -> RunRow {
        RunRow(
            id: text(id), jobID: text("j1"), jobName: text(target + " nightly"), agentID: text("a1"),
            agentName: text("web-1"), targetName: text(target), engine: text(engine), status: status, trigger: trigger,
            createdAt: ago(hours), seconds: seconds, sizeBytes: size, progress: progress,
            error: error.isEmpty ? "" : text(error))
    }

    private var nothing: HTML {
        var query = ListQuery(path: "/runs")
        query.filters = ["status": "lost", "from": text("2026-01-01")]
        return RunsPage.html([], agents: [], query: query, next: nil, context)
    }

    private var run: HTML {
        var model = RunModel(row: runs[1])
        model.startedAt = ago(8.75)
        model.finishedAt = ago(8.63)
        model.stored = RunRecord.Stored(
            sizeBytes: 6_310_000_000, dumpSizeBytes: 19_800_000_000,
            sha256: text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), duration: .seconds(412),
            engineVersion: text("17.4"), validated: .full)
        model.storageName = text("Built in")
        model.objectKey = text("web-1/shop/2026/03/25/20260325-031500-8mq2rt.backupy")
        model.encryption = .recipients
        model.log = log
        model.hasMoreLog = true
        model.destinations = [
            RestoreDestination(
                targetID: text("t1"), targetName: text("shop"), database: text("shop"), agentName: text("web-1"),
                isOrigin: true),
            RestoreDestination(
                targetID: text("t9"), targetName: text("staging"), database: "", agentName: text("stage")),
        ]
        return RunPage.html(model, context)
    }

    private func liveRun(_ stage: String) -> HTML {
        var model = RunModel(row: runs[0])
        model.row.progress?.stage = stage
        model.startedAt = ago(0.03)
        model.log = Array(log.prefix(2))
        return RunPage.html(model, context)
    }

    private var failedRun: HTML {
        var model = RunModel(row: runs[2])
        model.startedAt = ago(10)
        model.finishedAt = ago(9.98)
        model.failure = RunRecord.Failure(
            code: text("driver.tool_failed"), message: text(runs[2].error),
            hint: text("look at what the tool said; run it by hand with the same user"))
        model.log = log
        return RunPage.html(model, context)
    }

    private var log: [RunModel.Line] {
        [
            .init(at: ago(8.75), level: text("info"), message: text("dump begins: pg_dump 17.4, database shop")),
            .init(at: ago(8.74), level: text("info"), message: text("snapshot 00000003-0000001B-1")),
            .init(at: ago(8.7), level: text("warning"), message: text("the store answered 503, again in 2 s")),
            .init(at: ago(8.63), level: text("error"), message: text("a line\nof two, <with> signs & \"quotes\"")),
        ]
    }
}

// MARK: The rest

extension Samples {
    var calendar: [CalendarDay] { (0..<300).map(calendarDay) }

    private func calendarDay(_ day: Int) -> CalendarDay {
        let failed = day % 61 == 7 ? 2 : day % 23 == 4 ? 1 : 0
        return CalendarDay(
            date: ago(Double(day) * 24), succeeded: failed == 2 ? 0 : 12, failed: failed, missed: day == 40 ? 1 : 0)
    }

    var history: [HistoryPoint] { (0..<60).map(historyPoint) }

    private func historyPoint(_ day: Int) -> HistoryPoint {
        let wobble = day * 7919 % 13 * 22
        let megabytes = (5200 + day * 18 + wobble) / (day == 41 ? 3 : 1)
        let seconds = 300 + day * 8 / 5 + day * 31 % 17 * 4
        return HistoryPoint(
            at: ago(Double(60 - day) * 24), sizeBytes: UInt64(megabytes) * 1_000_000, seconds: Double(seconds),
            isSuccess: day % 19 != 6)
    }

    private var restores: [RestoreRow] {
        let id = text("20260325-031500-8mq2rt")
        return [
            RestoreRow(
                id: text("r1"), runID: id, targetName: text("shop_again"), agentName: text("web-1"), status: .running,
                progress: RunMeter(percent: 40, stage: "restore", bytesDone: 2_000_000_000), createdAt: ago(0.1)),
            RestoreRow(
                id: text("r2"), runID: id, targetName: text("shop"), agentName: text("web-1"), status: .success,
                createdAt: ago(30), seconds: 640, isDrill: true),
            RestoreRow(
                id: text("r3"), runID: id, targetName: text("staging"), agentName: text("stage"), status: .failed,
                createdAt: ago(80), seconds: 3, error: text("database \"staging\" is not empty"),
                targetState: "unchanged"),
        ]
    }

    private func strip(_ seed: Int) -> [UptimeCell] {
        (0..<90).map { (day: Int) -> UptimeCell in
            var share: Double? = 1
            if day < seed * 5 { share = nil }
            if day * seed % 41 == 6 { share = 0.97 }
            if day * seed % 67 == 9 { share = 0.7 }
            return UptimeCell(from: ago(Double(90 - day) * 24), share: share)
        }
    }

    private var checks: [HealthRow] {
        return [
            HealthRow(
                id: text("h1"), name: text("Shop"), kind: text("https"),
                target: text("https://shop.example.com/health"),
                agentName: text("web-1"), state: .up, stateSince: ago(400), latencyMs: 43, uptime: 0.99971,
                strip: strip(1),
                isPublic: true),
            HealthRow(
                id: text("h2"), name: text("Mail"), kind: text("tcp"), target: text("mail.example.com:25"),
                agentName: text("db-2"), state: .down, stateSince: ago(0.5), latencyMs: nil, uptime: 0.982,
                strip: strip(3),
                isPublic: true),
            HealthRow(
                id: text("h3"), name: text("Intranet"), kind: text("http"), target: text("http://wiki.local/"),
                agentName: text("billing"), state: .unknown,
                strip: strip(0).map { UptimeCell(from: $0.from, share: nil) }),
        ]
    }

    private var health: HealthModel {
        HealthModel(period: "90d", checks: checks, agents: [(text("a1"), text("web-1"))])
    }

    private var status: StatusPageModel {
        var model = StatusPageModel(
            title: text("Example status"), slug: text("example"), isEnabled: true, checks: checks,
            targets: [
                PublicTarget(id: text("t1"), name: text("shop"), state: .protected, lastBackupAt: ago(9)),
                PublicTarget(id: text("t2"), name: text("wiki"), state: .unknown),
            ],
            incidents: [
                Incident(
                    id: text("i1"), title: text("Mail is slow"), body: text("We are looking at it."),
                    status: text("investigating"), startedAt: ago(0.5)),
                Incident(
                    id: text("i2"), title: text("Shop was down"), body: text("A certificate had expired."),
                    status: text("resolved"), startedAt: ago(400), resolvedAt: ago(399)),
            ])
        model.shown = [text("h1"), text("t1")]
        return model
    }

    private var storage: StorageModel {
        StorageModel(
            profiles: [
                StorageRow(
                    id: text("s1"), name: text("Built in"), kind: "embedded", place: text("/var/lib/backupy/store"),
                    isDefault: true, backups: 1830, sizeBytes: 612_000_000_000),
                StorageRow(
                    id: text("s2"), name: text("Offsite"), kind: "s3",
                    place: text("s3.eu-central-1.amazonaws.com/backups"),
                    isDefault: false, backups: 204, sizeBytes: 200_000_000_000),
            ],
            targets: [share("shop", 412), share("analytics", 240), share("ledger", 118), share("wiki", 31)],
            history: (0..<90).map(usage))
    }

    private func share(_ name: String, _ gigabytes: UInt64) -> StorageModel.Share {
        StorageModel.Share(name: text(name), backups: Int(gigabytes) / 2, sizeBytes: gigabytes * 1_000_000_000)
    }

    private func usage(_ day: Int) -> StorageModel.Point {
        let gigabytes = UInt64(500 + day * 4 - day % 30 * 3)
        return StorageModel.Point(at: ago(Double(90 - day) * 24), sizeBytes: gigabytes * 1_000_000_000)
    }

    private var notifications: NotificationsModel {
        NotificationsModel(
            channels: [
                ChannelRow(
                    id: text("n1"), name: text("On call"), kind: "telegram", place: text("-100200300"),
                    lastSentAt: ago(10)),
                ChannelRow(
                    id: text("n2"), name: text("Ops mail"), kind: "email", place: text("ops@example.com"),
                    lastError: text("550 5.1.1 mailbox unavailable")),
            ],
            preferences: [
                ("run_failed", true), ("backup_late", true), ("restore_finished", false), ("agent_offline", true),
                ("check_down", true), ("retention_braked", true),
            ])
    }

    private var noChannels: HTML {
        let model = NotificationsModel(channels: [], preferences: notifications.preferences)
        return NotificationsPage.html(model, query: query("/notifications"), context)
    }

    private var noStatus: StatusPageModel {
        StatusPageModel(title: text("Status"), slug: text("status"), isEnabled: false, checks: [], incidents: [])
    }

    private var audit: [AuditRow] {
        [
            AuditRow(
                id: text("l1"), at: ago(1), actor: text("ada@example.com"), address: text("192.0.2.7"),
                action: text("job.update"),
                object: text("job j1")),
            AuditRow(
                id: text("l2"), at: ago(7), actor: text("token ci"), address: text("2001:db8::1"),
                action: text("run.start"),
                object: text("run 20260325-031500-8mq2rt")),
        ]
    }

    private var settings: SettingsModel {
        SettingsModel(
            people: [
                .init(
                    id: text("u1"), name: text("Ada Lovelace"), email: text("ada@example.com"), role: .owner,
                    hasSecondFactor: true),
                .init(id: text("u2"), name: text("Boris"), email: text("boris@example.com"), role: .viewer),
            ],
            tokens: [.init(id: text("k1"), name: text("ci"), role: .operator, createdAt: ago(900), lastUsedAt: ago(7))],
            hasSecondFactor: false, masterKeyID: text("file:4f1c9a"))
    }
}
