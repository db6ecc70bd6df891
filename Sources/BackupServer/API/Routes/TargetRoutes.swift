internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import BackupWire
internal import Hummingbird

/// Databases to back up, or to restore into.
package struct TargetRoutes: Sendable {
    let agents: any AgentStore
    let plans: any PlanStore
    let link: any AgentLink
    let keys: MasterKeys

    package init(agents: any AgentStore, plans: any PlanStore, link: any AgentLink, keys: MasterKeys) {
        self.agents = agents
        self.plans = plans
        self.link = link
        self.keys = keys
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/agents/{id}/targets", "listTargets", "An agent's targets, newest first.", tag: "targets",
                may: .role(.viewer), query: QueryParameter.page, answers: [.ok(ListDocument<TargetDocument>.self)]
            ) { call in
                let page = try await plans.targets(of: try await agent(call), call.page)
                return try .list(page.items.map { TargetDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .post, "/v1/agents/{id}/targets", "createTarget", "Add a database to an agent.", tag: "targets",
                may: .role(.operator), body: NewTarget.self, answers: [.created(TargetDocument.self), .conflict],
                handler: create),
            Endpoint(
                .patch, "/v1/targets/{id}", "updateTarget", "Change a target.", tag: "targets", may: .role(.operator),
                body: TargetChange.self, answers: [.ok(TargetDocument.self), .conflict], handler: update),
            Endpoint(
                .delete, "/v1/targets/{id}", "deleteTarget", "Take a target away, with its jobs; backups stay.",
                tag: "targets", may: .role(.operator), answers: [.noContent, .conflict]
            ) { call in
                let target = try await target(call)
                try await plans.deleteTarget(target.id)
                await link.configurationChanged(target.agentID)
                return .noContent
            },
            Endpoint(
                .post, "/v1/targets/{id}/test-connection", "testTarget", "Have the agent try a target now.",
                tag: "targets", may: .role(.operator), answers: [.ok(ConnectionTestDocument.self), .precondition],
                handler: test),
        ]
    }

    private func agent(_ call: APICall) async throws -> AgentRecord.ID {
        let id = try call.id(AgentRecord.self)
        guard try await agents.agent(id) != nil else { throw APIError.notFound("agent \(id)") }
        return id
    }

    private func target(_ call: APICall) async throws -> TargetRecord {
        let id = try call.id(TargetRecord.self)
        guard let target = try await plans.target(id) else { throw APIError.notFound("target \(id)") }
        return target
    }

    private func create(_ call: APICall) async throws -> Answer {
        let request: NewTarget = try call.document()
        guard let engine = DatabaseEngine(rawValue: request.engine) else {
            throw APIError.invalid("engine", "there is no such engine")
        }
        var random = SystemRandomNumberGenerator()
        var target = TargetRecord(
            id: Identifier(at: call.now, using: &random), agentID: try await agent(call), name: request.name,
            engine: engine, createdAt: call.now)
        let change = TargetChange(
            host: request.host, port: request.port, database: request.database, username: request.username,
            secretReference: request.secretReference, password: request.password, containerID: request.containerID,
            strategy: request.strategy)
        try apply(change, to: &target)
        try await plans.addTarget(target)
        await link.configurationChanged(target.agentID)
        call.audit.concerns(target.id.string, name: target.name)
        return try .json(TargetDocument(target), .created)
    }

    private func update(_ call: APICall) async throws -> Answer {
        var target = try await target(call)
        try apply(try call.document(), to: &target)
        try await plans.updateTarget(target)
        await link.configurationChanged(target.agentID)
        return try .json(TargetDocument(target))
    }

    /// A password takes the place of a reference, and a reference that of a password.
    private func apply(_ change: TargetChange, to target: inout TargetRecord) throws {
        if change.password != nil, change.secretReference?.isEmpty == false {
            throw APIError.conflict("it is either a password or a reference")
        }
        if let name = change.name { target.name = name }
        if let host = change.host { target.host = host }
        if let port = change.port { target.port = port }
        if let database = change.database { target.database = database }
        if let username = change.username { target.username = username }
        if let containerID = change.containerID { target.containerID = containerID }
        if let strategy = change.strategy.flatMap(Target.Strategy.init(word:)) { target.strategy = strategy }
        if let reference = change.secretReference {
            target.secretReference = reference
            target.sealedPassword = nil
        }
        if let password = change.password {
            target.secretReference = ""
            target.sealedPassword = try keys.seal(
                Secret(password), for: TargetRecord.place(ofPasswordOf: target.id))
        }
    }

    private func test(_ call: APICall) async throws -> Answer {
        let target = try await target(call)
        let result: ConnectionTest
        do {
            result = try await link.test(try target.target(keys: keys), by: target.agentID)
        } catch DispatchError.notConnected, DispatchError.agentTooOld {
            throw APIError.precondition("the agent is not connected, or too old for it")
        } catch DispatchError.noAnswer {
            throw APIError.unavailable("the agent gave no answer in time")
        }
        let failure = result.error.map {
            FailureDocument(code: $0.code, message: $0.message, hint: $0.hint)
        }
        return try .json(
            ConnectionTestDocument(
                isReachable: result.isOK, latencyMs: Int(result.latencyMilliseconds),
                engineVersion: result.engineVersion, error: failure))
    }
}

extension Target.Strategy {
    init?(word: String) {
        switch word {
        case "tcp": self = .tcp
        case "docker_exec": self = .dockerExec
        case "unix_socket": self = .unixSocket
        default: return nil
        }
    }

    var word: String {
        switch self {
        case .tcp: "tcp"
        case .dockerExec: "docker_exec"
        case .unixSocket: "unix_socket"
        }
    }
}

extension TargetDocument {
    init(_ target: TargetRecord) {
        self.init(
            id: target.id.string, agentID: target.agentID.string, name: target.name, engine: target.engine.rawValue,
            host: target.host, port: target.port, database: target.database, username: target.username,
            secretReference: target.secretReference, hasPassword: target.sealedPassword != nil,
            containerID: target.containerID, strategy: target.strategy.word, createdAt: target.createdAt)
    }
}
