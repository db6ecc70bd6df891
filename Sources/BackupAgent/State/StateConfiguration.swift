internal import BackupCore
internal import BackupState
internal import BackupWire

/// The last configuration that was applied, so that the agent works on while the server is away.
struct StateConfiguration: Sendable {
    private static let key = "current"

    let state: StateStore

    /// nil before there was one.
    func load() async throws -> AgentConfiguration? {
        guard let frame = try await state.get(.config, Self.key) else { return nil }
        guard case .configUpdate(let configuration) = try WireCodec.decodeFromServer(frame).message else { return nil }
        return configuration
    }

    func save(_ configuration: AgentConfiguration) async throws {
        let frame = try WireCodec.encode(ServerMessage.configUpdate(configuration), seq: 0, timeMilliseconds: 0)
        try await state.put(.config, Self.key, frame)
    }
}
