internal import BackupControl
internal import BackupWire
internal import FoundationEssentials

/// Stores what agents' health checks have found.
struct StoredHealth: HealthSink {
    let store: any HealthStore

    func took(_ result: HealthResult, from agent: AgentRecord.ID) async throws {
        let at = Date(timeIntervalSince1970: Double(result.timeMilliseconds) / 1000)
        let observation = HealthObservation(
            checkID: .init(result.checkID), at: at, isUp: result.isOK,
            latency: .milliseconds(Int64(result.latencyMilliseconds)), statusCode: Int(result.statusCode),
            error: result.error)
        try await store.recordHealth([observation], from: agent, at: Date())
    }
}
