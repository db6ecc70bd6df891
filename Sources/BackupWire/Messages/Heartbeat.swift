package struct Heartbeat: Sendable, Equatable {
    package var configVersion: UInt64 = 0
    package var metrics = HostMetrics()
    package var activeJobIDs: [String] = []

    package init() {}
}
