package import BackupCore

/// One presigned PUT.
package struct UploadCredentials: Sendable, Equatable {
    /// Whoever has it can use it.
    package var url = Secret("")
    /// Unix; 0 where the server said nothing.
    package var expiresAtMilliseconds: UInt64 = 0
    package var objectKey = ""
    /// To be sent with the request: the signature covers them.
    package var headers: [String: String] = [:]

    package init() {}
}
