package struct UpdateStatus: Sendable, Equatable {
    package var targetVersion: String
    package var phase: String
    package var error: String

    package init(targetVersion: String, phase: String, error: String = "") {
        self.targetVersion = targetVersion
        self.phase = phase
        self.error = error
    }
}
