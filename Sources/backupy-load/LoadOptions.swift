internal import ArgumentParser
internal import AsyncHTTPClient
internal import BackupCore
internal import FoundationEssentials
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The server, and the agents.
struct LoadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server, as https://HOST:PORT.", valueName: "url"))
    var server: String

    @Option(help: ArgumentHelp("Trust the certificates in this PEM file instead of the system's.", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("A file with an API token. Default: BACKUPY_TOKEN.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp("The agents: an id, a key and perhaps a job's id on each line. Grows.", valueName: "file"))
    var agentsFile: String

    @Option(help: "How many agents.")
    var agents = 10_000

    @Option(help: "Threads for the agents.")
    var threads = 1

    @Option(help: "How many seconds to wait for all of them, when they connect and when they come back.")
    var patience = 300

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(agents) else { throw ValidationError("--agents: 1 to 10000") }
        guard (1...2).contains(threads) else { throw ValidationError("--threads: 1 or 2") }
    }

    /// Gives `body` what it needs, and takes it down afterwards.
    func withSurroundings(
        jobs: Int = 0, _ body: (LoadSurroundings) async throws -> Void
    ) async throws {
        let endpoint = try ServerEndpoint(server)
        let tls = try ServerEndpoint.tls(caFile: caFile)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var settings = HTTPClient.Configuration(tlsConfiguration: tls)
        settings.httpVersion = .http1Only
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        settings.timeout.connect = .seconds(10)
        let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: settings)
        let outcome: Result<Void, any Error>
        do {
            let api = LoadAPI(client: client, endpoint: endpoint, token: try token())
            var roster = try Roster(path: agentsFile)
            try await roster.fill(agents, jobs: jobs, from: api)
            try await body(
                LoadSurroundings(
                    endpoint: endpoint, tls: tls, group: group, client: client, api: api,
                    roster: Array(roster.entries.prefix(agents)), patience: .seconds(patience)))
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await client.shutdown()
        try await group.shutdownGracefully()
        try outcome.get()
    }

    private func token() throws -> Secret {
        guard let tokenFile else { return Secret(ProcessInfo.processInfo.environment["BACKUPY_TOKEN"] ?? "") }
        guard let file = fopen(tokenFile, "re") else { throw LoadError.unreadableFile(tokenFile, errno: errno) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        return Secret(String(decoding: bytes.prefix(count), as: UTF8.self).filter { !$0.isWhitespace })
    }
}
