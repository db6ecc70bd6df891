internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// One click for a database that an agent has found: a target by its suggestion, and a nightly job.
package struct ProtectRoutes: Sendable {
    /// In UTC; the jitter spreads what many agents begin at the same time.
    private static let nightly = "0 2 * * *"
    private static let jitter = Duration.seconds(2 * 3600)
    private static let jobName = "nightly"

    let stores: DispatchStores
    let link: any AgentLink

    package init(stores: DispatchStores, link: any AgentLink) {
        self.stores = stores
        self.link = link
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/agents/{id}/protect", "protectDatabase",
                "Make a target and a nightly job for a database that the agent has found.", tag: "targets",
                may: .role(.operator), body: ProtectRequest.self,
                answers: [.created(ProtectedDocument.self), .conflict, .precondition], handler: protect)
        ]
    }

    private func protect(_ call: APICall) async throws -> Answer {
        let request: ProtectRequest = try call.document()
        let id = try call.id(AgentRecord.self)
        guard let agent = try await stores.agents.agent(id) else { throw APIError.notFound("agent \(id)") }
        let databases = try await databases(in: request.containerID, agent.id)
        let (suggestion, database) = try Self.suggestion(request.suggestion ?? 0, databases)
        try await refuseTwice(database, agent.id)
        var random = SystemRandomNumberGenerator()
        let targetID = TargetRecord.ID(at: call.now, using: &random)
        guard let target = suggestion.target(id: targetID, of: agent.id, name: request.name, at: call.now) else {
            throw APIError.precondition("the agent suggests what this server doesn't know")
        }
        var job = JobRecord(
            id: Identifier(at: call.now, using: &random), agentID: agent.id, targetID: target.id,
            storageID: try await storage(request.storageID), name: "\(target.name.prefix(90)) \(Self.jobName)",
            cron: Self.nightly, jitter: Self.jitter, createdAt: call.now)
        let planner = try SchedulePlanner(job, window: agent.maintenance)
        job.nextDueAt = planner.due(after: call.now)
        job.expectedBy = planner.expectedBy(after: call.now)
        try await stores.plans.addTarget(target, with: job)
        await link.configurationChanged(agent.id)
        call.audit.concerns(target.id.string, name: target.name)
        return try .json(ProtectedDocument(target: TargetDocument(target), job: JobDocument(job)), .created)
    }

    private func databases(in name: String, _ agent: AgentRecord.ID) async throws -> [FoundDatabase] {
        let databases = try await Discoveries(agents: stores.agents).databases(in: name, of: agent)
        guard !databases.isEmpty else {
            throw APIError.notFound("container of that name among those that the agent has found")
        }
        return databases
    }

    private static func suggestion(
        _ number: Int, _ databases: [FoundDatabase]
    ) throws -> (SuggestedTarget, FoundDatabase) {
        let suggestions = databases[0].container.suggestions ?? []
        guard !suggestions.isEmpty else {
            throw APIError.precondition("the agent does not say how: add a target by hand, or update the agent")
        }
        guard suggestions.indices.contains(number) else {
            throw APIError.notFound("suggestion \(number) for that container")
        }
        return (suggestions[number], databases.first { $0.suggestion == number } ?? databases[0])
    }

    private func refuseTwice(_ database: FoundDatabase, _ agent: AgentRecord.ID) async throws {
        var cursor: String?
        repeat {
            let page = try await stores.plans.targets(of: agent, PageRequest(limit: 100, cursor: cursor))
            if let target = page.items.first(where: database.isReached) {
                throw APIError.conflict("the target '\(target.name)' is that database already")
            }
            cursor = page.nextCursor
        } while cursor != nil
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
}
