internal import BackupCore
internal import FoundationEssentials

/// Programs in a container, over the Docker Engine API ("Exec"); no docker program is needed.
struct DockerExec: Sendable {
    let container: ContainerReference
    private let api = DockerAPI()

    init(container: ContainerReference) { self.container = container }

    struct Status: Decodable, Sendable {
        let running: Bool
        let exitCode: Int?

        private enum CodingKeys: String, CodingKey {
            case running = "Running"
            case exitCode = "ExitCode"
        }
    }

    private struct Definition: Encodable {
        let command: [String]
        let environment: [String]
        let attachesInput: Bool

        private enum CodingKeys: String, CodingKey {
            case command = "Cmd"
            case environment = "Env"
            case attachesInput = "AttachStdin"
            case attachesOutput = "AttachStdout"
            case attachesErrors = "AttachStderr"
            case hasTerminal = "Tty"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(command, forKey: .command)
            try container.encode(environment, forKey: .environment)
            try container.encode(attachesInput, forKey: .attachesInput)
            try container.encode(true, forKey: .attachesOutput)
            try container.encode(true, forKey: .attachesErrors)
            try container.encode(false, forKey: .hasTerminal)
        }
    }

    private struct Created: Decodable {
        let id: String
        private enum CodingKeys: String, CodingKey { case id = "Id" }
    }

    private struct Refusal: Decodable {
        let message: String
    }

    /// - Returns: the exec's id.
    func create(_ command: [String], environment: [String: String], withInput: Bool) throws -> String {
        let definition = Definition(
            command: command, environment: environment.map { "\($0.key)=\($0.value)" }.sorted(),
            attachesInput: withInput)
        let body = Array(try JSONEncoder().encode(definition))
        let created: Created = try ask("POST", "/containers/\(container.name)/exec", body)
        // It becomes a part of a path.
        guard created.id.wholeMatch(of: /[0-9a-f]{1,128}/) != nil else {
            throw DriverError.dockerFailed("it gives no id")
        }
        return created.id
    }

    /// Starts it; the connection is then its stdin, and its stdout and stderr in frames.
    func start(_ id: String) throws -> (DockerConnection, [UInt8]) {
        let prefix = try prefix()
        let connection = try DockerConnection(container.socket)
        let (status, beginning) = try connection.request(
            "POST", "\(prefix)/exec/\(id)/start", body: Array(#"{"Detach":false,"Tty":false}"#.utf8), upgrades: true)
        guard status == 101 || status == 200 else { throw refusal(status, try connection.rest(after: beginning)) }
        return (connection, beginning)
    }

    func status(of id: String) throws -> Status { try ask("GET", "/exec/\(id)/json", []) }

    /// Sends a signal to the group of a process of the container.
    func signal(_ signal: String, group: Int) throws {
        // `kill` is built into every shell. The number comes from our own script, and is one.
        let id = try create(["/bin/sh", "-c", "kill -\(signal) -\(group)"], environment: [:], withInput: false)
        let (connection, _) = try start(id)
        _ = try connection.rest(after: [])
    }

    private func prefix() throws -> String { try api.prefix { try answer("GET", "/version", []) } }

    private func ask<Answer: Decodable>(_ method: String, _ path: String, _ body: [UInt8]) throws -> Answer {
        try answer(method, prefix() + path, body)
    }

    private func answer<Answer: Decodable>(_ method: String, _ path: String, _ body: [UInt8]) throws -> Answer {
        let connection = try DockerConnection(container.socket)
        let (status, beginning) = try connection.request(method, path, body: body)
        let answer = try connection.rest(after: beginning)
        guard (200..<300).contains(status) else { throw refusal(status, answer) }
        guard let decoded = try? JSONDecoder().decode(Answer.self, from: Data(answer)) else {
            throw DriverError.dockerFailed("its answer to \(method) can't be read")
        }
        return decoded
    }

    private func refusal(_ status: Int, _ body: [UInt8]) -> DriverError {
        let said = (try? JSONDecoder().decode(Refusal.self, from: Data(body)))?.message ?? "HTTP status \(status)"
        switch status {
        case 404: return .noSuchContainer(container.name)
        // Stopped or paused.
        case 409: return .containerNotRunning(container.name, reason: LastWords.sentence(said))
        default: return .dockerFailed(LastWords.sentence(said))
        }
    }
}
