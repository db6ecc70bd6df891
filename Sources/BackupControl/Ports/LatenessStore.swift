package import BackupCore
package import FoundationEssentials

/// Silence, told in the write that notes that it was told: once, whichever replica sees it first.
package protocol LatenessStore: Sendable {
    /// A server is there. Each does so every half minute.
    /// - Parameter silence: none was there for longer: that was a gap, which is told.
    /// - Returns: the gap that has just ended.
    func beat(at time: Date, silence: Duration) async throws -> ServerGap?

    /// Tells of jobs whose backup has not come in time. One whose newest run is a success that nobody has counted is not late; its next
    /// backup is expected then.
    /// - Parameter expectedBy: when the next backup of a job must be there.
    func raiseLateness(
        at time: Date, limit: Int, expectedBy: @escaping @Sendable (JobRecord, MaintenanceWindow?) -> Date?
    ) async throws -> [Lateness]

    /// Tells of agents that were last heard of before `silentSince`. They are no longer connected, and what their checks have found is
    /// no longer known.
    func raiseOffline(silentSince: Date, at time: Date, limit: Int) async throws -> [AgentRecord]
    /// Tells of those that are back.
    func raiseOnline(at time: Date, limit: Int) async throws -> [AgentRecord]
}
