package import BackupCore
internal import FoundationEssentials

/// What a container was started with, as its Docker engine tells (Docker Engine API, "Inspect a container").
package struct ContainerInspection: Sendable {
    private let container: ContainerReference

    package init(_ container: ContainerReference) { self.container = container }

    private struct Answer: Decodable {
        struct Config: Decodable {
            let environment: [String]?
            private enum CodingKeys: String, CodingKey { case environment = "Env" }
        }
        let config: Config
        private enum CodingKeys: String, CodingKey { case config = "Config" }
    }

    private struct Refusal: Decodable {
        let message: String
    }

    /// The value of one variable of the container's environment. Nothing else of it is kept.
    /// - Throws: ``DriverError/noSuchVariable(_:container:)``, and what an engine refuses with.
    package func environmentVariable(_ name: String) async throws -> Secret {
        let container = container
        return try await BlockingThread.run("docker") {
            let connection = try DockerConnection(container.socket)
            // Without a version: every engine has this call, in its own.
            let (status, beginning) = try connection.request("GET", "/containers/\(container.name)/json", body: [])
            let body = try connection.rest(after: beginning)
            if status == 404 { throw DriverError.noSuchContainer(container.name) }
            guard (200..<300).contains(status) else {
                let said = (try? JSONDecoder().decode(Refusal.self, from: Data(body)))?.message
                throw DriverError.dockerFailed(LastWords.sentence(said ?? "HTTP status \(status)"))
            }
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
                throw DriverError.dockerFailed("what it says of the container can't be read")
            }
            let line = answer.config.environment?.last { $0.utf8.starts(with: "\(name)=".utf8) }
            guard !name.isEmpty, !name.contains("="), let line else {
                throw DriverError.noSuchVariable(name, container: container.name)
            }
            return Secret(String(decoding: line.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self))
        }
    }
}
