package import BackupCore

/// A store that holds connections, and lets them go.
package protocol StoreConnection: ObjectStore {
    func close() async
}

package enum Stores {
    /// - Parameter s3: how S3 is reached; only asked for an S3 location.
    /// - Throws: ``StorageError``. Nothing is connected yet.
    package static func open(
        _ location: StoreLocation, s3: () throws -> S3Settings
    ) throws -> any StoreConnection {
        switch location {
        case .directory(let path): DirectoryStore(path: path)
        case .s3(let bucket, let prefix): try S3Store(bucket: bucket, prefix: prefix, settings: try s3())
        }
    }
}
