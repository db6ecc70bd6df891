package struct HealthResult: Sendable, Equatable {
    package var checkID = ""
    package var timeMilliseconds: UInt64 = 0
    package var isOK = false
    package var latencyMilliseconds: UInt32 = 0
    package var error = ""
    package var statusCode: UInt32 = 0

    package init() {}
}
