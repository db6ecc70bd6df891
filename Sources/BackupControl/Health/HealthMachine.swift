internal import BackupCore
package import FoundationEssentials

/// What an agent has found at one look.
package struct HealthObservation: Sendable, Equatable {
    package let checkID: HealthCheckRecord.ID
    package let at: Date
    package let isUp: Bool
    package let latency: Duration
    /// 0 for none.
    package let statusCode: Int
    package let error: String

    package init(
        checkID: HealthCheckRecord.ID, at: Date, isUp: Bool, latency: Duration, statusCode: Int = 0, error: String = ""
    ) {
        self.checkID = checkID
        self.at = at
        self.isUp = isUp
        self.latency = latency
        self.statusCode = statusCode
        self.error = error
    }
}

/// The state of a check after one more look, and whether that is news.
///
/// One failure is a blip; ``failuresToDown`` in a row are down. The count outlives a time in which nobody looked, so that what was down
/// before it and is up after it is told.
package enum HealthMachine {
    package static let failuresToDown = 2

    package enum News: Sendable, Equatable {
        case wentDown
        case cameUp
    }

    /// - Parameter observation: newer than all before; what comes late is stored, and changes no state.
    package static func after(_ observation: HealthObservation, _ check: inout HealthCheckRecord) -> News? {
        let wasDown = check.failures >= failuresToDown
        check.failures = observation.isUp ? 0 : min(check.failures + 1, 1_000_000)
        let isDown = check.failures >= failuresToDown
        let state: HealthCheckRecord.State =
            isDown ? .down : observation.isUp || check.state == .up ? .up : check.state
        if state != check.state { (check.state, check.stateSince) = (state, observation.at) }
        check.lastResultAt = observation.at
        if isDown && !wasDown { return .wentDown }
        return wasDown && !isDown ? .cameUp : nil
    }
}
