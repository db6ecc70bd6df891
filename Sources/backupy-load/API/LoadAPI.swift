internal import AsyncHTTPClient
internal import BackupCore
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1

/// The calls of the server's REST API that a measurement needs.
struct LoadAPI: Sendable {
    private static let largestAnswer = 4 << 20
    /// How often a call is repeated that the server's rate limit refuses.
    private static let patience = 20

    let client: HTTPClient
    let endpoint: ServerEndpoint
    let token: Secret

    struct Made: Decodable {
        let id: String
    }

    private struct Agent: Encodable {
        let name: String
    }

    private struct MadeAgent: Decodable {
        let id: String
        let key: String
        private enum CodingKeys: CodingKey { case id, key, agent }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            key = try container.decode(String.self, forKey: .key)
            id =
                try container.decodeIfPresent(String.self, forKey: .id)
                ?? container.decode(Made.self, forKey: .agent).id
        }
    }

    private struct Target: Encodable {
        let name = "load"
        let engine = "postgresql"
        let host = "localhost"
        let database = "load"
    }

    private struct Job: Encodable {
        let name = "load"
        let target_id: String
        let encryption = "none"
        let compression = "none"
        let validation = "stream"
    }

    private struct Nothing: Encodable {}

    func makeAgent(named name: String) async throws -> Roster.Entry {
        let made: MadeAgent = try await post("/v1/agents", Agent(name: name))
        return Roster.Entry(id: made.id, key: Secret(made.key))
    }

    /// A target, and a job for it that nobody but ``run(job:)`` starts.
    func makeJob(agent: String) async throws -> String {
        let target: Made = try await post("/v1/agents/\(agent)/targets", Target())
        let job: Made = try await post("/v1/agents/\(agent)/jobs", Job(target_id: target.id))
        return job.id
    }

    func run(job: String) async throws { let _: Made = try await post("/v1/jobs/\(job)/run", Nothing()) }

    /// - Returns: the answer's bytes.
    func get(_ path: String) async throws -> [UInt8] { try await send("GET \(path)", request(path, .GET)) }

    private func post<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
        var request = request(path, .POST)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        let answer = try await send("POST \(path)", request)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(answer))
        } catch {
            throw LoadError.unexpectedAnswer("POST \(path)")
        }
    }

    private func request(_ path: String, _ method: HTTPMethod) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: endpoint.url + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token.revealed)")
        return request
    }

    private func send(_ what: String, _ request: HTTPClientRequest) async throws -> [UInt8] {
        for attempt in 1... {
            let response = try await client.execute(request, timeout: .seconds(60))
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            if (200..<300).contains(response.status.code) { return Array(buffer: body) }
            guard response.status == .tooManyRequests, attempt < Self.patience else {
                throw LoadError.refused(
                    what, status: Int(response.status.code), body: String(String(buffer: body).prefix(200)))
            }
            let wait = response.headers.first(name: "Retry-After").flatMap { Int($0) } ?? 1
            try await Task.sleep(for: .seconds(min(max(wait, 1), 60)))
        }
        throw LoadError.unexpectedAnswer(what)
    }
}
