internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

extension HealthRow {
    init(_ check: HealthCheckRecord, agentName: String, hours: [HealthHour], _ period: UptimePeriod, now: Date) {
        let uptime = Uptime(period, of: check, hours: hours, now: now)
        self.init(
            id: check.id.string, name: check.name, kind: check.kind.pageWord, target: check.target,
            agentName: agentName, state: check.state, stateSince: check.stateSince,
            latencyMs: uptime.averageLatency.map { Int($0 / .milliseconds(1)) }, uptime: uptime.upShare,
            strip: UptimeCell.cells(period, hours: hours, now: now), isPublic: check.isPublic)
    }
}

extension UptimeCell {
    /// A period in 24 to 90 pieces, oldest first.
    static func cells(_ period: UptimePeriod, hours: [HealthHour], now: Date) -> [UptimeCell] {
        let width =
            switch period {
            case .day: 1
            case .week: 4
            case .month, .quarter: 24
            }
        let last = Int((now.timeIntervalSince1970 / 3600).rounded(.down))
        let first = last - period.hours + 1
        var sums = Array(repeating: (up: 0, all: 0), count: period.hours / width)
        for hour in hours {
            let place = Int((hour.hour.timeIntervalSince1970 / 3600).rounded(.down)) - first
            guard sums.indices.contains(place / width), place >= 0 else { continue }
            sums[place / width].up += hour.up
            sums[place / width].all += hour.up + hour.down
        }
        return sums.enumerated().map { index, sum in
            UptimeCell(
                from: Date(timeIntervalSince1970: Double(first + index * width) * 3600),
                share: sum.all > 0 ? Double(sum.up) / Double(sum.all) : nil)
        }
    }
}
