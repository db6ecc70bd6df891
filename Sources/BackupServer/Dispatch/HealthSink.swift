package import BackupControl
package import BackupWire

/// Who learns what agents' health checks have found.
package protocol HealthSink: Sendable {
    /// - Throws: when it could not be stored: the result comes again then.
    func took(_ result: HealthResult, from agent: AgentRecord.ID) async throws
}
