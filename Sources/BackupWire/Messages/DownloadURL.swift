package import BackupCore

/// One presigned GET.
package struct DownloadURL: Sendable, Equatable {
    package var url: Secret
    package var expiresAtMilliseconds: UInt64
    package var objectKey: String

    package init(url: Secret, expiresAtMilliseconds: UInt64 = 0, objectKey: String = "") {
        self.url = url
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.objectKey = objectKey
    }
}
