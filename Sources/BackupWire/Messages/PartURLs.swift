package struct PartURLs: Sendable, Equatable {
    package var runID: String
    package var parts: [PartURL]
    /// Not empty: there never will be any for this run.
    package var error: String

    package init(runID: String, parts: [PartURL] = [], error: String = "") {
        self.runID = runID
        self.parts = parts
        self.error = error
    }
}
