internal import BackupCore
internal import FoundationEssentials

/// Does what a plan says, step after step; stops at the first that fails.
struct PlanRunner {
    /// A key that the server has just made, and will not show again.
    struct FreshKey: Sendable {
        let agent: String
        let key: Secret
    }

    let server: ServerClient
    let file: String
    let environment: [String: String]
    private var inventory: Inventory
    private(set) var keys: [FreshKey] = []
    private(set) var done = 0

    init(_ server: ServerClient, _ inventory: Inventory, file: String, environment: [String: String]) {
        self.server = server
        self.inventory = inventory
        self.file = file
        self.environment = environment
    }

    /// - Throws: ``ApplyError/stopped(done:of:at:because:)``; what was done by then stays.
    mutating func run(_ plan: Plan) async throws {
        for step in plan.steps {
            do {
                try await perform(step)
                done += 1
            } catch let error as any BackupError {
                throw ApplyError.stopped(done: done, of: plan.steps.count, at: "\(step.key)", because: error)
            }
        }
    }

    private mutating func perform(_ step: Plan.Step) async throws {
        switch step {
        case .remove(let thing): try await server.delete("\(thing.kind.path)/\(thing.id)")
        case .change(let thing, let existing, let changes):
            let body = try body(thing, only: Set(changes.map(\.field)), over: existing.document)
            let _: JSONValue = try await server.patch("\(thing.kind.path)/\(existing.id)", body)
        case .create(let thing):
            let owner = thing.agent.flatMap { inventory[ThingKey(kind: .agent, agent: nil, name: $0)]?.id }
            var body = try body(thing, only: nil, over: .null)
            body["name"] = .string(thing.name)
            var path = thing.kind.path
            if let owner, let field = thing.kind.ownerField {
                body[field] = .string(owner)
            } else if let owner {
                path = "/agents/\(owner)" + path
            }
            let answer: JSONValue = try await server.post(path, body)
            try took(answer, of: thing)
        }
    }

    private mutating func took(_ answer: JSONValue, of thing: DeclaredThing) throws {
        let document = answer["agent"] ?? answer
        guard let id = document["id"]?.text else { throw RemoteError.unexpectedAnswer(server.server) }
        inventory.add(ExistingThing(kind: thing.kind, name: thing.name, agent: thing.agent, id: id, document: document))
        if let key = answer["key"]?.text { keys.append(FreshKey(agent: thing.name, key: Secret(key))) }
    }

    /// - Parameters:
    ///   - only: the fields to send; nil for all that the file has.
    ///   - over: an object of which the file says only a part is sent whole.
    private func body(
        _ thing: DeclaredThing, only: Set<String>?, over document: JSONValue
    ) throws -> [String: JSONValue] {
        var body: [String: JSONValue] = [:]
        for field in thing.kind.fields where only?.contains(field.name) != false {
            guard let entry = thing.values[field.name] else { continue }
            let value = try value(entry, field, of: thing)
            let parts = field.apiName.split(separator: ".").map(String.init)
            guard parts.count == 2 else {
                body[field.apiName] = value
                continue
            }
            var object = Self.zeros(of: parts[0], thing.kind)
            if case .object(let fields)? = body[parts[0]] ?? document[parts[0]] { object = fields }
            object[parts[1]] = value
            body[parts[0]] = .object(object)
        }
        return body
    }

    /// What an object says where neither the file nor the server does: the rules of a retention that keep nothing.
    private static func zeros(of object: String, _ kind: ResourceKind) -> [String: JSONValue] {
        let names = kind.fields.filter { $0.name.hasPrefix("\(object).") }.map {
            String($0.name.dropFirst(object.count + 1))
        }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, .integer(0)) })
    }

    private func value(
        _ entry: DeclaredThing.Entry, _ field: ResourceField, of thing: DeclaredThing
    ) throws -> JSONValue {
        switch entry.value {
        case .secret(let reference):
            guard let secret = try reference.read(environment) else {
                throw ApplyError.secretMissing(file, line: entry.line, field: field.name, reference: "\(reference)")
            }
            return .string(secret.revealed)
        case .plain(let value):
            guard case .reference(let kind, _) = field.form, case .string(let name) = value else { return value }
            guard let id = inventory[thing.key(of: kind, named: name)]?.id else {
                throw ApplyError.unknownName(file, line: entry.line, field: field.name, name: name)
            }
            return .string(id)
        }
    }
}
