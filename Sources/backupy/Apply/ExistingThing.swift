/// Something that the server has.
struct ExistingThing: Sendable {
    let kind: ResourceKind
    let name: String
    let agent: String?
    let id: String
    /// As the API gives it.
    let document: JSONValue

    var key: ThingKey { ThingKey(kind: kind.name, agent: agent, name: name) }

    /// The value of a field, `object.field` too.
    func value(_ field: ResourceField) -> JSONValue {
        field.apiName.split(separator: ".").reduce(document) { value, part in value[String(part)] ?? .null }
    }

    /// Whether a file could have made it; the server's own directory was made by nobody.
    var isDeclarable: Bool { kind.name != .storage || document["kind"]?.text != "embedded" }
}
