internal import BackupCore
internal import BackupStorage
internal import Logging

/// What runs, restores and checks need of the agent around them.
struct Surroundings: Sendable {
    let settings: AgentSettings
    let policy: HostPolicy
    /// The agent's own variables, without Backupy's.
    let environment: [String: String]
    let redaction: Redaction
    let metrics: AgentMetrics
    let log: Logger
    let link: any ControlLink
    /// The connections to stores.
    let transport: PresignedTransport
    let spool: SpoolSettings
}
