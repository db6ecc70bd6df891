package import BackupControl

/// Who is told what happens to agents, runs and restores on the way. Beginnings and ends are told by the store, with their write.
///
/// Telling must not fail what is told; whoever listens keeps a bound of its own.
package protocol ControlEvents: Sendable {
    func configurationApplied(_ agent: AgentRecord.ID, version: UInt64) async
    func runChanged(_ run: RunRecord) async
    func restoreChanged(_ restore: RestoreRecord) async
}
