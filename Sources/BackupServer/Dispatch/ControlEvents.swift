package import BackupControl

/// Who is told what happens to agents, runs and restores: the event stream, alerts.
///
/// Telling must not fail what is told; whoever listens keeps a bound of its own.
package protocol ControlEvents: Sendable {
    func agentConnected(_ agent: AgentRecord.ID) async
    func agentDisconnected(_ agent: AgentRecord.ID) async
    func configurationApplied(_ agent: AgentRecord.ID, version: UInt64) async
    func runChanged(_ run: RunRecord) async
    func restoreChanged(_ restore: RestoreRecord) async
}
