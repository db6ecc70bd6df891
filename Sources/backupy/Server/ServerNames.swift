internal import BackupCore

/// Finds things of the server by what a person calls them: a name, `AGENT/NAME`, or an id.
struct ServerNames {
    /// Of agents that are asked for their targets or jobs when only a name is given.
    static let largestSearch = 200

    let server: ServerClient

    /// A thing with its agent's name.
    struct Found: Sendable {
        let id: String
        let agent: String
        let document: JSONValue
    }

    func agents() async throws -> [JSONValue] { try await server.list("/agents") }

    /// - Throws: ``RemoteError/noSuchThing(kind:name:)``.
    func agent(_ name: String) async throws -> JSONValue {
        let all = try await agents()
        guard let agent = all.first(where: { $0["name"]?.text == name || $0["id"]?.text == name }) else {
            throw RemoteError.noSuchThing(kind: "agent", name: name)
        }
        return agent
    }

    /// Says that an agent is not there: what it was ordered to do waits for it.
    func noteAbsence(of name: String) async throws {
        guard try await agent(name)["is_connected"]?.bool == false else { return }
        Console.printError(VisibleText.of("agent \(name) is not connected: this begins when it is"))
    }

    func target(_ name: String) async throws -> Found { try await one("target", name) }
    func job(_ name: String) async throws -> Found { try await one("job", name) }

    /// All targets, or all jobs, of one agent or of each.
    /// - Parameter kind: `target` or `job`.
    func all(_ kind: String, agent: String?) async throws -> [Found] {
        let owners = if let agent { [try await self.agent(agent)] } else { try await agents() }
        var found: [Found] = []
        for owner in owners.prefix(agent == nil ? Self.largestSearch : 1) {
            guard let id = owner["id"]?.text, let name = owner["name"]?.text else { continue }
            for document: JSONValue in try await server.list("/agents/\(id)/\(kind)s") {
                guard let id = document["id"]?.text else { throw RemoteError.unexpectedAnswer(server.server) }
                found.append(Found(id: id, agent: name, document: document))
            }
        }
        return found
    }

    private func one(_ kind: String, _ name: String) async throws -> Found {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        let all = try await all(kind, agent: parts.count == 2 ? parts[0] : nil)
        let wanted = parts.last ?? name
        let matches = all.filter { $0.document["name"]?.text == wanted || $0.id == name }
        guard let first = matches.first else { throw RemoteError.noSuchThing(kind: kind, name: name) }
        guard matches.count == 1 else {
            throw RemoteError.severalThings(
                kind: kind, name: name, choices: matches.map { "\($0.agent)/\($0.document["name"]?.text ?? "")" })
        }
        return first
    }
}
