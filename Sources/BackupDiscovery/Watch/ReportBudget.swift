/// Holds reports back that follow each other too closely. Memory: ``DiscoveryPace/reportBurst`` instants.
struct ReportBudget {
    private let pace: DiscoveryPace
    private var reports: [ContinuousClock.Instant] = []

    init(_ pace: DiscoveryPace) { self.pace = pace }

    /// Notes a report.
    /// - Returns: how long the next has to wait.
    mutating func spend(at now: ContinuousClock.Instant) -> Duration {
        let window = pace.reportGap * pace.reportBurst
        reports = reports.filter { now - $0 < window } + [now]
        return reports.count < pace.reportBurst ? .zero : pace.reportGap
    }
}
