internal import SwiftProtobuf

extension ConnectionTest {
    init(wire: Backup_V1_TestConnectionResult) {
        self.init()
        isOK = wire.ok
        engineVersion = wire.engineVersion
        toolVersion = wire.toolVersion
        sizeBytes = wire.sizeBytes
        latencyMilliseconds = wire.latencyMs
        error = ErrorReport(wireCode: wire.errorCode, message: wire.error, hint: wire.errorHint)
    }

    var wire: Backup_V1_TestConnectionResult {
        .with {
            $0.ok = isOK
            $0.engineVersion = engineVersion
            $0.toolVersion = toolVersion
            $0.sizeBytes = sizeBytes
            $0.latencyMs = latencyMilliseconds
            $0.error = error?.message ?? ""
            $0.errorCode = error?.code ?? ""
            $0.errorHint = error?.hint ?? ""
        }
    }
}
