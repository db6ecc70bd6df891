internal import AsyncHTTPClient
internal import NIOPosix
internal import NIOSSL

/// What every measurement has.
struct LoadSurroundings: Sendable {
    let endpoint: ServerEndpoint
    let tls: TLSConfiguration
    let group: MultiThreadedEventLoopGroup
    let client: HTTPClient
    let api: LoadAPI
    let roster: [Roster.Entry]
    /// For all agents to be connected.
    let patience: Duration

    /// Connects all agents, gives them to `body`, and hangs up.
    func withFleet(_ work: any RunWork = NoWork(), _ body: (Fleet) async throws -> Void) async throws {
        let fleet = try Fleet(roster, endpoint: endpoint, tls: tls, group: group, work: work)
        defer { fleet.stop() }
        try await fleet.connect(within: patience)
        try await body(fleet)
    }
}
