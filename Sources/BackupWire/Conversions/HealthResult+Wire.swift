internal import SwiftProtobuf

extension HealthResult {
    init(wire: Backup_V1_HealthCheckResult) {
        self.init()
        checkID = wire.checkID
        timeMilliseconds = wire.tsMs
        isOK = wire.ok
        latencyMilliseconds = wire.latencyMs
        error = wire.error
        statusCode = wire.statusCode
    }

    var wire: Backup_V1_HealthCheckResult {
        .with {
            $0.checkID = checkID
            $0.tsMs = timeMilliseconds
            $0.ok = isOK
            $0.latencyMs = latencyMilliseconds
            $0.error = error
            $0.statusCode = statusCode
        }
    }
}
