package import BackupCore
internal import FoundationEssentials
internal import Synchronization

/// A Docker engine's containers, over its API's socket ("Containers": list and inspect; "Monitor events").
///
/// Values of environment variables, labels of others, commands: what may hold secrets is dropped while the answer is decoded,
/// and never is in a type of ours. A container is inspected once; after that the list says all that may change. Memory:
/// ``largestList`` and ``parallelInspections`` answers at a time; what is known of ``largestCount`` containers.
package final class DockerEngineAPI: ContainerEngine {
    /// More are not looked at.
    static let largestCount = 4096
    /// 4 KiB for each: labels of others are long.
    static let largestList = 16 << 20
    /// An engine answers each in a millisecond; it has others to serve.
    static let parallelInspections = 8
    /// A list takes milliseconds, and on a host that is out of breath seconds.
    package static let patience = Duration.seconds(30)

    private let client: DockerClient
    /// By id.
    private let known = Mutex<[String: DockerContainer]>([:])

    /// - Parameters:
    ///   - socket: a path, or `unix://PATH`.
    ///   - patience: how long an answer may take.
    /// - Throws: ``DriverError/invalidContainer(_:)`` for a path that is none.
    package init(socket: String, patience: Duration = DockerEngineAPI.patience) throws(DriverError) {
        client = DockerClient(try ContainerReference("docker", socket: socket).socket, patience: patience)
    }

    /// - Throws: ``DriverError/dockerUnreachable(_:reason:)``, ``DriverError/dockerFailed(_:)``.
    package func containers() async throws -> [ContainerFacts] {
        let listed = try await client.get([DockerListing].self, "/containers/json", atMost: Self.largestList) ?? []
        let containers = Array(listed.prefix(Self.largestCount))
        // It becomes a part of a path.
        guard containers.allSatisfy({ $0.id.wholeMatch(of: /[0-9a-f]{1,128}/) != nil }) else {
            throw DriverError.dockerFailed("it lists a container without an id")
        }
        let ids = Set(containers.map(\.id))
        let new = known.withLock { known in
            known = known.filter { ids.contains($0.key) }
            return containers.filter { known[$0.id] == nil }
        }
        let ended = try await inspect(new.map(\.id))
        let details = known.withLock { $0 }
        return containers.filter { !ended.contains($0.id) }.map { $0.facts(details[$0.id]) }
    }

    package func follow(_ told: @escaping @Sendable (ContainerSignal) -> Void) async throws {
        // The engine that answers now may be another than before.
        client.forgetVersion()
        try await client.lines("/events?filters=" + PercentEncoding.encoded(DockerEvent.filter)) {
            told(.listening)
        } _: { line in
            guard let event = try? JSONDecoder().decode(DockerEvent.self, from: Data(line)) else {
                // The error would repeat parts of the event.
                throw DriverError.dockerFailed("its events can't be read")
            }
            if event.isChange { told(.changed) }
        }
    }

    /// - Returns: those that have ended meanwhile.
    private func inspect(_ ids: [String]) async throws -> Set<String> {
        try await withThrowingTaskGroup(of: String?.self) { group in
            var ended: Set<String> = []
            for (number, id) in ids.enumerated() {
                if number >= Self.parallelInspections, let gone = try await group.next() ?? nil { ended.insert(gone) }
                group.addTask { try await self.inspect(id) ? nil : id }
            }
            for try await gone in group { if let gone { ended.insert(gone) } }
            return ended
        }
    }

    /// - Returns: whether it is there.
    private func inspect(_ id: String) async throws -> Bool {
        do {
            guard let details = try await client.get(DockerContainer.self, "/containers/\(id)/json") else {
                return false
            }
            known.withLock { $0[id] = details }
        } catch DriverError.dockerFailed {
            // One container that the engine can't describe must not hide all others: the list says enough to find it.
        }
        return true
    }
}
