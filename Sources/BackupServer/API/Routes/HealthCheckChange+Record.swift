internal import BackupAPI
internal import BackupControl
internal import BackupCore
internal import FoundationEssentials

extension HealthCheckChange {
    /// - Throws: ``APIError`` for what can't be so together, ``ControlError/invalid(field:reason:)``.
    func apply(to check: inout HealthCheckRecord) throws {
        if let name { check.name = name }
        if let target { check.target = target }
        if let intervalS { check.interval = .seconds(intervalS) }
        if let timeoutS {
            check.timeout = .seconds(timeoutS)
        } else if intervalS != nil {
            check.timeout = min(check.timeout, check.interval)
        }
        if let isEnabled { check.isEnabled = isEnabled }
        if let isPublic { check.isPublic = isPublic }
        if let expectedStatus { check.expectedStatus = expectedStatus == 0 ? nil : expectedStatus }
        if let expectedText { check.expectedText = expectedText }
        guard check.timeout <= check.interval else {
            throw APIError.conflict("the timeout is longer than the interval")
        }
        guard check.kind != .tcp || check.expectedStatus == nil && check.expectedText.isEmpty else {
            throw APIError.conflict("a port answers with neither status nor text")
        }
        try check.check()
    }
}

extension HealthCheck.Kind {
    init?(word: String) {
        switch word {
        case "http": self = .http
        case "https": self = .https
        case "tcp": self = .tcp
        default: return nil
        }
    }

    var word: String {
        switch self {
        case .http: "http"
        case .https: "https"
        case .tcp: "tcp"
        }
    }
}

extension HealthCheckDocument {
    init(_ check: HealthCheckRecord) {
        self.init(
            id: check.id.string, agentID: check.agentID.string, name: check.name, kind: check.kind.word,
            target: check.target, intervalS: Int(check.interval.components.seconds),
            timeoutS: Int(check.timeout.components.seconds),
            expectedStatus: check.kind == .tcp ? nil : check.expectedStatus ?? 0,
            expectedText: check.kind == .tcp ? nil : check.expectedText, isEnabled: check.isEnabled,
            isPublic: check.isPublic,
            state: check.state.rawValue, stateSince: check.stateSince, lastResultAt: check.lastResultAt,
            createdAt: check.createdAt)
    }
}

extension HealthResultDocument {
    init(_ result: HealthObservation) {
        self.init(
            at: result.at, isUp: result.isUp, latencyMs: max(0, Int(result.latency / .milliseconds(1))),
            statusCode: result.statusCode > 0 ? result.statusCode : nil, error: result.error)
    }
}

extension UptimeDocument {
    init(_ period: UptimePeriod, of check: HealthCheckRecord, hours: [HealthHour], now: Date) {
        let uptime = Uptime(period, of: check, hours: hours, now: now)
        self.init(
            period: period.rawValue, upShare: uptime.upShare, upS: Int(uptime.upSeconds),
            downS: Int(uptime.downSeconds), unknownS: Int(uptime.unknownSeconds),
            latencyMs: uptime.averageLatency.map { max(0, Int($0 / .milliseconds(1))) },
            hours: hours.suffix(2200).map { hour in
                let looks = hour.up + hour.down
                return Hour(
                    at: hour.hour, up: hour.up, down: hour.down,
                    latencyMs: looks > 0 ? max(0, Int(hour.latencySum / looks / .milliseconds(1))) : nil)
            })
    }
}
