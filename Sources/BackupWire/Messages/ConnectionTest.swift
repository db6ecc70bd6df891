package struct ConnectionTest: Sendable, Equatable {
    package var isOK = false
    package var engineVersion = ""
    package var toolVersion = ""
    package var sizeBytes: UInt64 = 0
    package var latencyMilliseconds: UInt32 = 0
    package var error: ErrorReport?

    package init() {}
}
