internal import BackupCore
internal import FoundationEssentials

extension HealthCheckRecord {
    /// Seconds between two looks. ``Uptime`` counts on several in each hour.
    package static let intervals = 10...900

    /// Whether it can be so. Where it leads is the agent's network, and its host's policy decides there.
    /// - Throws: ``ControlError/invalid(field:reason:)``.
    package func check() throws(ControlError) {
        guard (1...100).contains(name.count) else { throw .invalid(field: "name", reason: "1 to 100 characters") }
        guard Self.intervals.contains(Int(interval.inSeconds)) else {
            throw .invalid(field: "interval_s", reason: "it is not within 10 to 900")
        }
        guard timeout >= .seconds(1), timeout <= interval else {
            throw .invalid(field: "timeout_s", reason: "it is not within 1 and the interval")
        }
        if let expectedStatus, !(100...599).contains(expectedStatus) {
            throw .invalid(field: "expected_status", reason: "it is not within 100 to 599")
        }
        guard expectedText.unicodeScalars.count <= 1000 else {
            throw .invalid(field: "expected_text", reason: "at most 1000 characters")
        }
        try checkTarget()
    }

    private func checkTarget() throws(ControlError) {
        switch kind {
        case .http, .https:
            guard target.wholeMatch(of: /https?:\/\/[!-~]{1,2000}/.ignoresCase()) != nil,
                let url = URL(string: target), url.host()?.isEmpty == false,
                (url.scheme?.lowercased() == "https") == (kind == .https), url.user() == nil,
                (1...65_535).contains(url.port ?? 1)
            else { throw .invalid(field: "target", reason: "it is no address of this kind, like https://host/path") }
        case .tcp:
            let match = target.wholeMatch(of: /([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,60}\]):([0-9]{1,5})/)
            guard let match, let port = Int(match.2), (1...65_535).contains(port) else {
                throw .invalid(field: "target", reason: "it is not like host:port")
            }
            guard expectedStatus == nil, expectedText.isEmpty else {
                throw .invalid(field: "expected_status", reason: "a port has none")
            }
        }
    }
}
