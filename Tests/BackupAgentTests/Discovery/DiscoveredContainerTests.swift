import BackupAgent
import BackupCore
import BackupDiscovery
import BackupWire
import Testing

@Suite struct DiscoveredContainerTests {
    private struct FakeEngine: ContainerEngine {
        let facts: ContainerFacts
        func containers() async throws -> [ContainerFacts] { [facts] }
        func follow(_ told: @escaping @Sendable (ContainerSignal) -> Void) async throws { told(.listening) }
    }

    @Test func whatIsFoundIsWhatTheServerIsTold() async throws {
        let facts = ContainerFacts(
            id: "1f", name: "db", image: "postgres:16", exposedPorts: [.init(5432), .init(53, protocol: "udp")],
            publishedPorts: [.init(container: 5432, host: 15432, protocol: "tcp")], networks: ["shop"],
            environmentNames: ["POSTGRES_PASSWORD"])
        let found = try #require(try await DiscoveryPass(FakeEngine(facts: facts)).run().first)
        let told = DiscoveredContainer(found)
        #expect(
            told.id == "1f" && told.name == "db" && told.image == "postgres:16" && told.databaseType == "postgresql")
        #expect(told.networks == ["shop"] && told.environmentNames == ["POSTGRES_PASSWORD"])
        #expect(
            told.ports == [
                .init(container: 5432, host: 15432, protocol: "tcp"), .init(container: 53, host: 0, protocol: "udp"),
            ])
        #expect(told.evidence == "image" && told.suggestedTargets.first?.strategy == .dockerExec)
        #expect(told.suggestedTargets.first?.password == .containerEnvironment(name: "POSTGRES_PASSWORD"))
    }

    @Test func portsThatAreNoneAreNotTakenForOthers() async throws {
        let facts = ContainerFacts(
            id: "1f", name: "db", image: "postgres:16", exposedPorts: [.init(-1), .init(.max)],
            publishedPorts: [.init(container: -5, host: .max, protocol: "tcp")], networks: [], environmentNames: [])
        let found = try #require(try await DiscoveryPass(FakeEngine(facts: facts)).run().first)
        #expect(DiscoveredContainer(found).ports.map(\.container).sorted() == [0, 0, .max])
    }
}
