internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Hummingbird

/// Agents, their keys, and what they tell.
package struct AgentRoutes: Sendable {
    let store: any AgentStore
    let link: any AgentLink

    package init(store: any AgentStore, link: any AgentLink) {
        self.store = store
        self.link = link
    }

    package var endpoints: [Endpoint] { list + one + config + reports }

    private var list: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/agents", "listAgents", "All agents, newest first.", tag: "agents", may: .role(.viewer),
                query: QueryParameter.page, answers: [.ok(ListDocument<AgentDocument>.self)]
            ) { call in
                let page = try await store.agents(call.page)
                return try .list(page.items.map { AgentDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .post, "/v1/agents", "createAgent", "Add an agent; its key is shown this once.", tag: "agents",
                may: .role(.operator), body: NewAgent.self, answers: [.created(AgentKeyDocument.self), .conflict],
                handler: create),
        ]
    }

    private var one: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/agents/{id}", "getAgent", "One agent.", tag: "agents", may: .role(.viewer),
                answers: [.ok(AgentDocument.self)]
            ) { try .json(AgentDocument(try await agent($0))) },
            Endpoint(
                .patch, "/v1/agents/{id}", "updateAgent", "Rename an agent.", tag: "agents", may: .role(.operator),
                body: AgentChange.self, answers: [.ok(AgentDocument.self), .conflict]
            ) { call in
                let change: AgentChange = try call.document()
                var agent = try await agent(call)
                if let name = change.name { agent.name = name }
                try await store.updateAgent(agent)
                return try .json(AgentDocument(try await self.agent(call)))
            },
            Endpoint(
                .delete, "/v1/agents/{id}", "deleteAgent",
                "Take an agent away, with its targets and jobs; backups stay.",
                tag: "agents", may: .role(.admin), answers: [.noContent, .conflict]
            ) { call in
                let agent = try await agent(call)
                try await store.deleteAgent(agent.id)
                await link.disconnect(agent.id)
                return .noContent
            },
            Endpoint(
                .post, "/v1/agents/{id}/rotate-key", "rotateAgentKey", "Give an agent a new key; the old one is void.",
                tag: "agents", may: .role(.admin), answers: [.ok(AgentKeyDocument.self)], handler: rotateKey),
        ]
    }

    private var config: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/agents/{id}/config", "getAgentConfig", "An agent's own settings.", tag: "agents",
                may: .role(.viewer), answers: [.ok(AgentConfigDocument.self)]
            ) { try .json(AgentConfigDocument(try await agent($0))) },
            Endpoint(
                .patch, "/v1/agents/{id}/config", "updateAgentConfig", "Change an agent's own settings.",
                tag: "agents", may: .role(.operator), body: AgentConfigChange.self,
                answers: [.ok(AgentConfigDocument.self)], handler: configure),
        ]
    }

    private var reports: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/agents/{id}/discovered", "getDiscovered", "The databases that an agent has found.",
                tag: "agents", may: .role(.viewer), answers: [.ok(AgentReportDocument.self)]
            ) { try Self.report(try await store.discovered(try await agent($0).id)) },
            Endpoint(
                .get, "/v1/agents/{id}/metrics", "getAgentMetrics", "What an agent's host last measured.",
                tag: "agents", may: .role(.viewer), answers: [.ok(AgentReportDocument.self)]
            ) { try Self.report(try await store.metrics(try await agent($0).id)) },
        ]
    }

    // MARK: Handlers

    private func agent(_ call: APICall) async throws -> AgentRecord {
        let id = try call.id(AgentRecord.self)
        guard let agent = try await store.agent(id) else { throw APIError.notFound("agent \(id)") }
        return agent
    }

    private func create(_ call: APICall) async throws -> Answer {
        let request: NewAgent = try call.document()
        var random = SystemRandomNumberGenerator()
        let agent = AgentRecord(
            id: Identifier(at: call.now, using: &random), name: request.name, createdAt: call.now)
        let key = AgentKey.fresh(using: &random)
        try await store.addAgent(agent, keyHash: RandomKey.hash(key))
        call.audit.concerns(agent.id.string, name: agent.name)
        return try .json(AgentKeyDocument(agent: AgentDocument(agent), key: key.revealed), .created)
    }

    private func rotateKey(_ call: APICall) async throws -> Answer {
        let agent = try await agent(call)
        var random = SystemRandomNumberGenerator()
        let key = AgentKey.fresh(using: &random)
        try await store.setAgentKey(agent.id, keyHash: RandomKey.hash(key))
        await link.disconnect(agent.id)
        return try .json(AgentKeyDocument(agent: AgentDocument(agent), key: key.revealed))
    }

    private func configure(_ call: APICall) async throws -> Answer {
        let change: AgentConfigChange = try call.document()
        var agent = try await agent(call)
        if let count = change.maxParallelJobs { agent.maxParallelJobs = count }
        if let level = change.logLevel { agent.logLevel = level }
        if let isEnabled = change.isAutoUpdateEnabled { agent.isAutoUpdateEnabled = isEnabled }
        if change.hasNoMaintenance == true { agent.maintenance = nil }
        // Two times that are the same are no window.
        if let window = change.maintenance {
            agent.maintenance = MaintenanceWindow(start: window.start, end: window.end)
        }
        try await store.updateAgent(agent)
        await link.configurationChanged(agent.id)
        return try .json(AgentConfigDocument(try await self.agent(call)))
    }

    private static func report(_ json: String?) throws -> Answer {
        let report = try json.map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
        return try .json(AgentReportDocument(report: report ?? .null))
    }
}

/// What agents take for a key (``docs/agent.md``): `bkpy_live_` and 32 letters and digits, 190 random bits.
enum AgentKey {
    private static let characters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    static func fresh(using random: inout some RandomNumberGenerator) -> Secret {
        let text = (0..<32).map { _ in characters[Int.random(in: 0..<characters.count, using: &random)] }
        return Secret("bkpy_live_" + String(text))
    }
}

extension AgentDocument {
    init(_ agent: AgentRecord) {
        self.init(
            id: agent.id.string, name: agent.name, isConnected: agent.isConnected,
            connectedAt: agent.session.connectedAt, lastSeenAt: agent.session.lastSeenAt,
            version: agent.registration.version, hostname: agent.registration.hostname, os: agent.registration.os,
            arch: agent.registration.arch, dockerVersion: agent.registration.dockerVersion,
            capabilities: agent.registration.capabilities.sorted(), configVersion: Int(clamping: agent.configVersion),
            appliedVersion: Int(clamping: agent.appliedVersion), createdAt: agent.createdAt)
    }
}

extension AgentConfigDocument {
    init(_ agent: AgentRecord) {
        self.init(
            maxParallelJobs: agent.maxParallelJobs, logLevel: agent.logLevel,
            maintenanceStart: agent.maintenance?.startText, maintenanceEnd: agent.maintenance?.endText,
            isAutoUpdateEnabled: agent.isAutoUpdateEnabled, configVersion: Int(clamping: agent.configVersion))
    }
}
