package import BackupWire

/// Where the server's log events wait while it is out of reach. Bounded: the oldest make room.
package protocol LogBuffer: Sendable {
    /// - Returns: how many older events were dropped to make room.
    func append(_ events: [LogEvent]) async throws -> Int
    /// The oldest, which stay where they are.
    func oldest(_ limit: Int) async throws -> [LogEvent]
    func removeOldest(_ count: Int) async throws
}
