/// What the server has of the things that a file can declare.
struct Inventory: Sendable {
    private(set) var things: [ThingKey: ExistingThing] = [:]
    private var keys: [String: ThingKey] = [:]

    init(_ things: [ExistingThing] = []) { for thing in things { add(thing) } }

    /// - Parameter agents: whose targets and jobs are asked for; nil for everybody's.
    init(from server: ServerClient, agents: Set<String>?) async throws {
        for kind in ResourceKind.all where !kind.isOfAgent {
            do {
                for document: JSONValue in try await server.list(kind.path) {
                    add(try Self.thing(kind, document, agent: nil, server))
                }
            } catch RemoteError.denied where kind.name == .channel {
                // Where notices go is not everybody's to see, and most files don't say.
            }
        }
        let owners = things.values.filter { $0.kind.name == .agent && agents?.contains($0.name) != false }
        for owner in owners.sorted(by: { $0.name < $1.name }) {
            for kind in ResourceKind.all where kind.isOfAgent {
                let path = kind.ownerField == nil ? "/agents/\(owner.id)\(kind.path)" : kind.path
                let query = kind.ownerField.map { [($0, Optional(owner.id))] } ?? []
                for document: JSONValue in try await server.list(path, query) {
                    add(try Self.thing(kind, document, agent: owner.name, server))
                }
            }
        }
    }

    subscript(_ key: ThingKey) -> ExistingThing? { things[key] }

    /// The name of what has this id; nil for what is not known.
    func name(of id: String) -> String? { keys[id]?.name }

    mutating func add(_ thing: ExistingThing) {
        things[thing.key] = thing
        keys[thing.id] = thing.key
    }

    /// Of a kind, by name.
    func all(_ kind: ResourceKind.Name) -> [ExistingThing] {
        things.values.filter { $0.kind.name == kind }.sorted { $0.key.path < $1.key.path }
    }

    private static func thing(
        _ kind: ResourceKind, _ document: JSONValue, agent: String?, _ server: ServerClient
    ) throws -> ExistingThing {
        guard let id = document["id"]?.text, let name = document["name"]?.text else {
            throw RemoteError.unexpectedAnswer(server.server)
        }
        return ExistingThing(kind: kind, name: name, agent: agent, id: id, document: document)
    }
}
