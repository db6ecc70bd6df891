internal import BackupCore

/// The connections of all transfers by presigned URLs; one for a process.
package struct PresignedTransport: Sendable {
    let client: S3Client
    /// Whether plain http is taken to other hosts than this one: only where the control plane itself is reached so.
    let allowsInsecure: Bool

    /// - Throws: ``StorageError/invalidSetting(_:reason:)``. Nothing is connected yet.
    package init(_ settings: TransportSettings = TransportSettings(), allowsInsecure: Bool) throws(StorageError) {
        client = try S3Client(location: "the control plane's store", addressing: nil, settings: settings)
        self.allowsInsecure = allowsInsecure
    }

    package func close() async { await client.close() }

    func link(_ url: PresignedURL) throws(StorageError) -> PresignedLink {
        try PresignedLink(url, allowsInsecure: allowsInsecure)
    }

    /// Where `url` leads, for messages.
    func place(of url: PresignedURL?) throws(StorageError) -> String {
        guard let url else { return client.location }
        return try link(url).place
    }
}
