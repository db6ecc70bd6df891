package import BackupCore

/// One run to be made.
package struct RunBackup: Sendable, Equatable {
    package var jobID = ""
    package var runID = ""
    package var isManual = false
    package var upload = UploadCredentials()
    /// The raw key; empty: not encrypted, or for ``recipients``. Prints as `***`.
    package var key = SecretBytes([])

    package var recipients: [String] = []
    /// 0 and 1: v1.
    package var formatVersion: UInt32 = 0
    /// ``key`` as the server wrapped it, for the header of v2.
    package var wrappedKey: [UInt8] = []
    package var keyID = ""
    /// Instead of one presigned PUT.
    package var multipart: MultipartPlan?
    package var validation = Validation.stream
    package var takesFingerprint = false

    package init() {}
}
