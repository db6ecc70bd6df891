package struct UploadResult: Sendable, Equatable {
    package var runID: String
    package var isOK: Bool
    package var error: String
    /// What the store says that it holds.
    package var sizeBytes: UInt64
    package var download: DownloadURL?

    package init(runID: String, isOK: Bool, error: String = "", sizeBytes: UInt64 = 0, download: DownloadURL? = nil) {
        self.runID = runID
        self.isOK = isOK
        self.error = error
        self.sizeBytes = sizeBytes
        self.download = download
    }
}
