internal import BackupControl
internal import FoundationEssentials
internal import HTTPTypes
internal import BackupAPI

/// Writes down every change, with who made it and from where. Of what was sent it has the names of the fields only.
struct AuditTrail {
    let store: any AuditStore

    func record(_ endpoint: Endpoint, _ call: APICall, _ answer: Answer) async throws {
        guard endpoint.isMutation, answer.status.code < 400 else { return }
        try await append(
            endpoint, call, call.possibleCaller.map { AuditEntry.Actor($0) } ?? newcomer(call), outcome: nil)
    }

    /// Who has just proven himself.
    private func newcomer(_ call: APICall) -> AuditEntry.Actor {
        AuditEntry.Actor(kind: .user, id: call.audit.objectID ?? "", name: call.audit.objectName ?? "")
    }

    /// A login that was refused.
    func recordRefusal(_ endpoint: Endpoint, _ call: APICall) async throws {
        let actor = AuditEntry.Actor(kind: .anonymous, id: "", name: call.audit.objectName ?? "")
        try await append(endpoint, call, actor, outcome: "refused")
    }

    private func append(
        _ endpoint: Endpoint, _ call: APICall, _ actor: AuditEntry.Actor, outcome: String?
    ) async throws {
        var random = SystemRandomNumberGenerator()
        var details: [String: JSONValue] = [:]
        if let outcome { details["outcome"] = .text(outcome) }
        if let name = call.audit.objectName { details["name"] = .text(String(name.prefix(200))) }
        if endpoint.body != nil, let value = try? JSONDecoder().decode([String: JSONValue].self, from: Data(call.body))
        {
            details["fields"] = .list(value.keys.sorted().map { .text($0) })
        }
        let json = String(decoding: try APICoding.encoder().encode(details), as: UTF8.self)
        try await store.appendAudit(
            AuditEntry(
                id: Identifier(at: call.now, using: &random), at: call.now, actor: actor, address: call.address,
                action: endpoint.operation, objectKind: endpoint.tag,
                objectID: call.audit.objectID ?? call.path["id"] ?? "", details: json))
    }
}
