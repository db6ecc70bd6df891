/// All parts are stored: make one object of them.
package struct CompleteUpload: Sendable, Equatable {
    package var runID: String
    package var parts: [UploadedPart]
    package var sizeBytes: UInt64

    package init(runID: String, parts: [UploadedPart], sizeBytes: UInt64) {
        self.runID = runID
        self.parts = parts
        self.sizeBytes = sizeBytes
    }
}

package struct UploadedPart: Sendable, Equatable {
    package var number: UInt32
    package var etag: String
    package var sizeBytes: UInt64

    package init(number: UInt32, etag: String, sizeBytes: UInt64) {
        self.number = number
        self.etag = etag
        self.sizeBytes = sizeBytes
    }
}
