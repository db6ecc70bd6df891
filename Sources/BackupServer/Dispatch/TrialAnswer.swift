internal import BackupCore
internal import BackupWire
internal import FoundationEssentials

/// What an agent has found when it tried a target, or why it could not be asked, as one replica writes it down for another.
struct TrialAnswer: Codable {
    enum Refusal: String, Codable {
        case notConnected = "not_connected"
        case tooOld = "too_old"
        case noAnswer = "no_answer"
    }

    struct Failure: Codable {
        var code: String
        var message: String
        var hint: String
        var recovery: String
    }

    var refusal: Refusal?
    var isReachable = false
    var engineVersion = ""
    var toolVersion = ""
    var sizeBytes: UInt64 = 0
    var latencyMilliseconds: UInt32 = 0
    var failure: Failure?

    init(refusal: Refusal) { self.refusal = refusal }

    init(_ test: ConnectionTest) {
        isReachable = test.isOK
        engineVersion = test.engineVersion
        toolVersion = test.toolVersion
        sizeBytes = test.sizeBytes
        latencyMilliseconds = test.latencyMilliseconds
        failure = test.error.map {
            Failure(code: $0.code, message: $0.message, hint: $0.hint, recovery: $0.recovery)
        }
    }

    var test: ConnectionTest {
        var test = ConnectionTest()
        test.isOK = isReachable
        test.engineVersion = engineVersion
        test.toolVersion = toolVersion
        test.sizeBytes = sizeBytes
        test.latencyMilliseconds = latencyMilliseconds
        test.error = failure.map {
            ErrorReport(code: $0.code, message: $0.message, hint: $0.hint, recovery: $0.recovery)
        }
        return test
    }

    var json: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }
}
