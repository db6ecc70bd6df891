package import BackupCore

/// One multipart upload, begun by the server.
package struct MultipartPlan: Sendable, Equatable {
    package var minPartBytes: UInt64 = 0
    package var maxPartBytes: UInt64 = 0
    package var maxParts: UInt32 = 0
    package var parts: [PartURL] = []

    package init() {}
}

package struct PartURL: Sendable, Equatable {
    /// From 1.
    package var number: UInt32
    package var url: Secret
    package var expiresAtMilliseconds: UInt64

    package init(number: UInt32, url: Secret, expiresAtMilliseconds: UInt64) {
        self.number = number
        self.url = url
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}
