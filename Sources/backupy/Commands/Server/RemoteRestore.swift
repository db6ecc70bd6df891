internal import BackupCore
internal import FoundationEssentials

/// A restore that a server has an agent make.
struct RemoteRestore: Sendable {
    let run: String
    /// As a person calls it; nil for the one that was backed up.
    let target: String?
    let database: String?
    let create: Bool
    let overwrite: Bool
    let withoutOwners: Bool
    let withoutPrivileges: Bool
    let only: String?
    let identityReference: String?

    /// Orders it, waits for its end where that is wanted, and prints it.
    func run(_ login: Login, waits: Bool, output: OutputOptions) async throws {
        let restore = try await ServerClient.with(login) { server in
            let once = ["Idempotency-Key": UUID().uuidString]
            let restore: JSONValue = try await server.post(
                "/runs/\(run)/restore", try await body(server), headers: once)
            guard waits, let id = restore["id"]?.text else { return restore }
            return try await RemoteWait(server: server, output: output).end(of: "/restores/\(id)")
        }
        let text = RunText(restore)
        try output.json
            ? Console.print(json: restore) : Console.print(lines: ["Restore \(text.id) of run \(run): \(text.status)"])
        if waits, text.status != "success" {
            throw RemoteError.restoreFailed(
                text.id, status: text.status, reason: text.failure, hint: text.hint, state: text.targetState)
        }
    }

    private func body(_ server: ServerClient) async throws -> [String: JSONValue] {
        var body: [String: JSONValue] = [
            "create": .bool(create), "overwrite": .bool(overwrite), "without_owners": .bool(withoutOwners),
            "without_privileges": .bool(withoutPrivileges),
        ]
        if let target {
            body["target_id"] = .string(try await ServerNames(server: server).target(target).id)
        } else {
            let document: JSONValue = try await server.get("/runs/\(run)")
            body["target_id"] = document["target_id"]
        }
        body["database"] = database.map { .string($0) }
        body["only_database"] = only.map { .string($0) }
        body["identity_reference"] = identityReference.map { .string($0) }
        return body
    }
}
