internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// What is backed up, when, and for how long it is kept.
package struct JobRoutes: Sendable {
    let stores: DispatchStores
    let link: any AgentLink

    package init(stores: DispatchStores, link: any AgentLink) {
        self.stores = stores
        self.link = link
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/agents/{id}/jobs", "listJobs", "An agent's jobs, newest first.", tag: "jobs",
                may: .role(.viewer), query: QueryParameter.page, answers: [.ok(ListDocument<JobDocument>.self)]
            ) { call in
                let page = try await stores.plans.jobs(of: try await agent(call), call.page)
                return try .list(page.items.map { JobDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .post, "/v1/agents/{id}/jobs", "createJob", "Protect a target.", tag: "jobs", may: .role(.operator),
                body: NewJob.self, answers: [.created(JobDocument.self), .conflict, .precondition], handler: create),
            Endpoint(
                .get, "/v1/jobs/{id}", "getJob", "One job.", tag: "jobs", may: .role(.viewer),
                answers: [.ok(JobDocument.self)]
            ) { try .json(JobDocument(try await job($0))) },
            Endpoint(
                .patch, "/v1/jobs/{id}", "updateJob", "Change a job.", tag: "jobs", may: .role(.operator),
                body: JobSettings.self, answers: [.ok(JobDocument.self), .conflict], handler: update),
            Endpoint(
                .delete, "/v1/jobs/{id}", "deleteJob", "Take a job away; its backups stay.", tag: "jobs",
                may: .role(.operator), answers: [.noContent, .conflict]
            ) { call in
                let job = try await job(call)
                try await stores.plans.deleteJob(job.id)
                await link.configurationChanged(job.agentID)
                return .noContent
            },
            Endpoint(
                .post, "/v1/jobs/{id}/run", "runJob", "Back up now.", tag: "jobs", may: .role(.operator),
                answers: [.accepted(RunDocument.self), .conflict], isIdempotent: true, handler: run),
        ]
    }

    private func agent(_ call: APICall) async throws -> AgentRecord.ID {
        let id = try call.id(AgentRecord.self)
        guard try await stores.agents.agent(id) != nil else { throw APIError.notFound("agent \(id)") }
        return id
    }

    private func job(_ call: APICall) async throws -> JobRecord {
        let id = try call.id(JobRecord.self)
        guard let job = try await stores.plans.job(id) else { throw APIError.notFound("job \(id)") }
        return job
    }

    private func create(_ call: APICall) async throws -> Answer {
        let request: NewJob = try call.document()
        let agent = try await agent(call)
        let targetID = TargetRecord.ID(request.targetID)
        guard let target = try await stores.plans.target(targetID), target.agentID == agent else {
            throw APIError.notFound("target \(targetID) of the agent")
        }
        var random = SystemRandomNumberGenerator()
        var job = JobRecord(
            id: Identifier(at: call.now, using: &random), agentID: agent, targetID: targetID,
            storageID: try await storage(request.settings.storageID), name: request.name, createdAt: call.now)
        try JobChange(request.settings).apply(to: &job)
        try await schedule(&job, call.now)
        try await stores.plans.addJob(job)
        await link.configurationChanged(agent)
        call.audit.concerns(job.id.string, name: job.name)
        return try .json(JobDocument(job), .created)
    }

    private func update(_ call: APICall) async throws -> Answer {
        let settings: JobSettings = try call.document()
        var job = try await job(call)
        if let id = settings.storageID { job.storageID = try await storage(id) }
        try JobChange(settings).apply(to: &job)
        if settings.cron != nil || settings.isEnabled != nil || settings.jitterS != nil || settings.timeoutS != nil {
            try await schedule(&job, call.now)
        }
        try await stores.plans.updateJob(job)
        await link.configurationChanged(job.agentID)
        return try .json(JobDocument(job))
    }

    /// - Throws: ``ControlError/invalid(field:reason:)`` for a schedule that can't be read.
    private func schedule(_ job: inout JobRecord, _ time: Date) async throws {
        let planner = try SchedulePlanner(job, window: try await stores.agents.agent(job.agentID)?.maintenance)
        job.nextDueAt = planner.due(after: time)
        job.expectedBy = planner.expectedBy(after: time)
        // A new time to be late for.
        job.lateAlertedAt = nil
    }

    private func storage(_ id: String?) async throws -> StorageProfile.ID {
        guard let id else {
            guard let usual = try await stores.plans.defaultStorage() else {
                throw APIError.precondition("there is no default store: add one, or name one")
            }
            return usual.id
        }
        guard let profile = try await stores.plans.storage(StorageProfile.ID(id)) else {
            throw APIError.notFound("storage profile \(id)")
        }
        return profile.id
    }

    private func run(_ call: APICall) async throws -> Answer {
        let job = try await job(call)
        guard let target = try await stores.plans.target(job.targetID) else {
            throw APIError.conflict("the job's target is gone")
        }
        var random = SystemRandomNumberGenerator()
        let run = RunRecord(
            id: BackupID(at: call.now, using: &random), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
            storageID: job.storageID, trigger: .manual, notBefore: call.now, compression: job.compression,
            engine: target.engine, createdAt: call.now)
        let answer = try Answer.json(RunDocument(run), .accepted)
        try await stores.runs.addRun(run, answering: call.kept(answer))
        link.workChanged()
        call.audit.concerns(run.id.string, name: job.name)
        return answer
    }
}
