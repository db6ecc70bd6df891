/// The agent's host.
package struct HostMetrics: Sendable, Equatable {
    /// Of all cores together, 0 to 100, since the last time.
    package var cpuPercent: Float = 0
    package var memoryUsed: UInt64 = 0
    package var memoryTotal: UInt64 = 0
    /// Of the file system with the agent's state.
    package var diskUsed: UInt64 = 0
    package var diskTotal: UInt64 = 0
    package var queueDepth: UInt32 = 0

    package init() {}
}
