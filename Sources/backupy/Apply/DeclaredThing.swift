/// Something that a file says there shall be.
struct DeclaredThing: Sendable {
    enum Value: Sendable, Equatable {
        case plain(JSONValue)
        case secret(SecretReference)
    }

    struct Entry: Sendable {
        let value: Value
        let line: Int
    }

    let kind: ResourceKind
    /// Of the thing itself, without its agent's.
    let name: String
    /// Whose it is, where the kind belongs to agents.
    let agent: String?
    let line: Int
    /// By the field's name. What is not there is left as the server has it.
    let values: [String: Entry]

    var key: ThingKey { ThingKey(kind: kind.name, agent: agent, name: name) }
}

/// What a thing is known by.
struct ThingKey: Hashable, Sendable, CustomStringConvertible {
    let kind: ResourceKind.Name
    let agent: String?
    let name: String

    /// `job web-1/nightly`
    var description: String { "\(kind.rawValue) \(path)" }
    /// `web-1/nightly`
    var path: String { (agent.map { "\($0)/" } ?? "") + name }
}
