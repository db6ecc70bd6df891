internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// Backups, and what can be done with them.
package struct RunRoutes: Sendable {
    /// How long URLs and tokens of a backup are good.
    static let grantLifetime = Duration.seconds(900)

    let stores: DispatchStores
    let link: any AgentLink
    let storage: StorageService
    let tokens: DecryptionTokens
    let wishes: RetentionWish

    package init(
        stores: DispatchStores, link: any AgentLink, storage: StorageService, tokens: DecryptionTokens,
        retention: any RetentionStore
    ) {
        self.stores = stores
        self.link = link
        self.storage = storage
        self.tokens = tokens
        wishes = RetentionWish(store: retention, runs: stores.runs)
    }

    private static let filter = [
        QueryParameter("agent_id", .id, "Of this agent."), QueryParameter("target_id", .id, "Of this target."),
        QueryParameter("job_id", .id, "Of this job."), QueryParameter("from", .time, "Made at or after."),
        QueryParameter("to", .time, "Made before."),
        QueryParameter("status", .choice(RunDocument.statuses), "In this state."),
    ]

    package var endpoints: [Endpoint] { reading + changing + restoring }

    private var reading: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/runs", "listRuns", "Runs, newest first.", tag: "runs", may: .role(.viewer),
                query: QueryParameter.page + Self.filter, answers: [.ok(ListDocument<RunDocument>.self)]
            ) { call in
                let page = try await stores.runs.runs(Self.filter(call), call.page)
                return try .list(page.items.map { RunDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .get, "/v1/runs/{id}", "getRun", "One run.", tag: "runs", may: .role(.viewer),
                answers: [.ok(RunDocument.self)]
            ) { try .json(RunDocument(try await run($0))) },
            Endpoint(
                .get, "/v1/runs/{id}/logs", "listRunLogs", "What a run has logged.", tag: "runs", may: .role(.viewer),
                query: QueryParameter.numberedPage, answers: [.ok(ListDocument<RunLogDocument>.self)]
            ) { call in
                let page = try await stores.runs.logs(of: try await run(call).id, call.page)
                return try .list(page.items.map { RunLogDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .get, "/v1/runs/{id}/download-url", "getDownloadURL", "A URL of the backup, good for 15 minutes.",
                tag: "runs", may: .role(.operator), answers: [.ok(DownloadDocument.self), .precondition],
                handler: download),
        ]
    }

    private var changing: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/runs/{id}/cancel", "cancelRun", "End a run that is live.", tag: "runs",
                may: .role(.operator), answers: [.accepted(RunDocument.self), .conflict]
            ) { call in
                let run = try await run(call)
                guard run.status.isLive, let asked = try await stores.runs.requestCancel(run.id) else {
                    throw APIError.conflict("the run has ended")
                }
                try await link.cancel(asked)
                return try .json(RunDocument(asked), .accepted)
            },
            Endpoint(
                .post, "/v1/runs/{id}/decryption-token", "createDecryptionToken",
                "The key of one backup, for 15 minutes.", tag: "runs", may: .role(.admin),
                answers: [.ok(DecryptionTokenDocument.self), .precondition]
            ) { call in
                let run = try await proven(call)
                let token = try tokens.token(for: run, subject: try call.caller.user.email, at: call.now)
                return try .json(
                    DecryptionTokenDocument(token: token.revealed, expiresAt: call.now.addingTimeInterval(900)))
            },
            Endpoint(
                .delete, "/v1/runs/{id}", "deleteRun",
                "Mark a backup; it is removed after the grace period. The newest good one of a target stays.",
                tag: "runs", may: .role(.admin), answers: [.accepted(RunDocument.self), .conflict, .precondition],
                handler: delete),
            Endpoint(
                .post, "/v1/runs/{id}/keep", "keepRun", "Take back that a backup is to be removed.", tag: "runs",
                may: .role(.operator), answers: [.ok(RunDocument.self), .precondition]
            ) { call in
                try await wishes.takeBack(try await run(call))
                return try .json(RunDocument(try await run(call)))
            },
        ]
    }

    private var restoring: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/runs/{id}/restore", "createRestore", "Put a backup into a database.", tag: "restores",
                may: .role(.operator), body: NewRestore.self,
                answers: [.accepted(RestoreDocument.self), .conflict, .precondition], isIdempotent: true,
                handler: restore),
            Endpoint(
                .get, "/v1/restores", "listRestores", "Restores, newest first.", tag: "restores", may: .role(.viewer),
                query: QueryParameter.page, answers: [.ok(ListDocument<RestoreDocument>.self)]
            ) { call in
                let page = try await stores.runs.restores(call.page)
                return try .list(page.items.map { RestoreDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .get, "/v1/restores/{id}", "getRestore", "One restore.", tag: "restores", may: .role(.viewer),
                answers: [.ok(RestoreDocument.self)]
            ) { call in
                guard let id = try? BackupID(try call.pathText("id")), let restore = try await stores.runs.restore(id)
                else { throw APIError.notFound("such restore") }
                return try .json(RestoreDocument(restore))
            },
        ]
    }

    private static func filter(_ call: APICall) -> RunFilter {
        var filter = RunFilter()
        filter.agentID = call.query["agent_id"].map { AgentRecord.ID($0) }
        filter.targetID = call.query["target_id"].map { TargetRecord.ID($0) }
        filter.jobID = call.query["job_id"].map { JobRecord.ID($0) }
        filter.status = call.query["status"].flatMap { RunRecord.Status(rawValue: $0) }
        filter.from = call.time("from")
        filter.to = call.time("to")
        return filter
    }

    // MARK: Handlers

    func run(_ call: APICall) async throws -> RunRecord {
        guard let id = try? BackupID(try call.pathText("id")), let run = try await stores.runs.run(id) else {
            throw APIError.notFound("such run")
        }
        return run
    }

    func proven(_ call: APICall) async throws -> RunRecord {
        let run = try await run(call)
        guard run.isProven else { throw APIError.precondition("the run has no backup that can be restored") }
        return run
    }

    private func download(_ call: APICall) async throws -> Answer {
        let run = try await proven(call)
        let url = try await storage.target(run.storageID).download(
            try ObjectKey(run.objectKey), lifetime: Self.grantLifetime, at: call.now)
        return try .json(DownloadDocument(url: url.url.revealed, expiresAt: call.now.addingTimeInterval(900)))
    }

    private func delete(_ call: APICall) async throws -> Answer {
        let run = try await run(call)
        guard !run.status.isLive else { throw APIError.conflict("the run is live: cancel it") }
        try await wishes.mark(run, at: call.now)
        return try .json(RunDocument(try await self.run(call)), .accepted)
    }

    private func restore(_ call: APICall) async throws -> Answer {
        let request: NewRestore = try call.document()
        let run = try await proven(call)
        let targetID = TargetRecord.ID(request.targetID)
        guard let target = try await stores.plans.target(targetID) else {
            throw APIError.notFound("target \(targetID)")
        }
        guard target.engine.isSibling(of: run.engine) else {
            throw APIError.invalid(
                "target_id", "a backup of \(run.engine.rawValue) does not go into \(target.engine.rawValue)")
        }
        guard request.confirm == nil || request.confirm == target.name else {
            throw APIError.invalid("confirm", "the target is called otherwise")
        }
        var random = SystemRandomNumberGenerator()
        let wish = RestoreRecord.Request(
            targetID: targetID, database: request.database, overwrite: request.overwrite ?? false,
            create: request.create ?? false, withoutOwners: request.withoutOwners ?? false,
            withoutPrivileges: request.withoutPrivileges ?? false, onlyDatabase: request.onlyDatabase,
            identityReference: request.identityReference)
        let restore = RestoreRecord(
            id: BackupID(at: call.now, using: &random), runID: run.id, agentID: target.agentID, request: wish,
            createdAt: call.now)
        let answer = try Answer.json(RestoreDocument(restore), .accepted)
        try await stores.runs.addRestore(restore, sealedSecret: nil, answering: call.kept(answer))
        link.workChanged()
        call.audit.concerns(restore.id.string)
        return answer
    }
}
