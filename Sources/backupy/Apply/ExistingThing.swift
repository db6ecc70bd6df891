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
        let name = if case .reference(_, let apiName) = field.form { apiName } else { field.name }
        return name.split(separator: ".").reduce(document) { value, part in value[String(part)] ?? .null }
    }
}
