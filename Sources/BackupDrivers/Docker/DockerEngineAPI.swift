package import BackupCore
internal import FoundationEssentials

/// A Docker engine's containers, over its API's socket ("Containers": list and inspect).
///
/// Values of environment variables, labels of others, commands: what may hold secrets is dropped while the answer is decoded,
/// and never is in a type of ours. Memory: ``DockerConnection/largestAnswer`` at a time; ``largestCount`` containers.
package struct DockerEngineAPI: ContainerEngine {
    /// More are not looked at.
    static let largestCount = 4096

    private let socket: String

    /// - Parameter socket: a path, or `unix://PATH`.
    /// - Throws: ``DriverError/invalidContainer(_:)`` for a path that is none.
    package init(socket: String) throws(DriverError) {
        self.socket = try ContainerReference("docker", socket: socket).socket
    }

    /// - Throws: ``DriverError/dockerUnreachable(_:reason:)``, ``DriverError/dockerFailed(_:)``.
    package func containers() async throws -> [ContainerFacts] {
        try await BlockingThread.run("docker") {
            let listed = try get([Listed].self, "/containers/json") ?? []
            return try listed.prefix(Self.largestCount).compactMap { entry in
                // It becomes a part of a path.
                guard entry.id.wholeMatch(of: /[0-9a-f]{1,128}/) != nil else {
                    throw DriverError.dockerFailed("it lists a container without an id")
                }
                // nil: it has ended meanwhile.
                return try get(DockerContainer.self, "/containers/\(entry.id)/json")?.facts
            }
        }
    }

    private struct Listed: Decodable {
        let id: String
        private enum CodingKeys: String, CodingKey { case id = "Id" }
    }

    /// - Returns: nil where there is nothing of that name.
    private func get<Answer: Decodable>(_ type: Answer.Type, _ path: String) throws -> Answer? {
        let connection = try DockerConnection(socket)
        let (status, beginning) = try connection.request("GET", "/v1.40" + path, body: [])
        let answer = try connection.rest(after: beginning)
        if status == 404 { return nil }
        guard status == 200 else { throw DriverError.dockerFailed("it answers with HTTP status \(status)") }
        do {
            return try JSONDecoder().decode(type, from: Data(answer))
        } catch {
            // The error would repeat parts of the answer.
            throw DriverError.dockerFailed("its list of containers can't be read")
        }
    }
}
