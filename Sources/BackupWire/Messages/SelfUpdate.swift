package struct SelfUpdate: Sendable, Equatable {
    package var targetVersion = ""
    package var binaryURL = ""
    /// Lower-case hex.
    package var sha256 = ""
    package var signature: [UInt8] = []
    package var isForced = false

    package init() {}
}
