package struct PartURLsRequest: Sendable, Equatable {
    package var runID: String
    /// From 1.
    package var firstNumber: UInt32
    package var count: UInt32

    package init(runID: String, firstNumber: UInt32, count: UInt32) {
        self.runID = runID
        self.firstNumber = firstNumber
        self.count = count
    }
}
