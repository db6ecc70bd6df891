package import BackupCore
package import BackupStorage
package import FoundationEssentials

/// Where runs are stored, as far as whoever hands runs out needs to know: a bucket, or a directory of the server's own.
package protocol UploadTarget: Sendable {
    /// As a person would name it. No secret in it.
    var location: String { get }
    /// What it takes of an upload in parts.
    var limits: UploadLimits { get }
    /// Whether a URL for one PUT can forbid that it replaces something without the sender's help.
    var isCreateOnlyByItself: Bool { get }

    /// Begins an upload in parts; nothing is visible before ``complete(_:_:parts:)``.
    func begin(_ key: ObjectKey) async throws -> String
    func part(_ key: ObjectKey, _ uploadID: String, number: Int, lifetime: Duration, at time: Date) -> PresignedPart
    /// The right to store the object in one request.
    func put(_ key: ObjectKey, isCreateOnly: Bool, lifetime: Duration, at time: Date) -> PresignedURL
    func get(_ key: ObjectKey, lifetime: Duration, at time: Date) -> PresignedURL
    /// The same for a person, who may reach the store by another address than agents do.
    func download(_ key: ObjectKey, lifetime: Duration, at time: Date) -> PresignedURL
    /// Makes an object of the parts, never in place of another one. Asked again, it answers the same again.
    /// - Returns: how many bytes there are now.
    func complete(_ key: ObjectKey, _ uploadID: String, parts: [UploadedPartInfo]) async throws -> UInt64
    /// Takes the parts away; it is no error when there is no such upload.
    func abort(_ key: ObjectKey, _ uploadID: String) async throws
    /// What keeps the object from being deleted by anybody; nil: nothing.
    func lock(on key: ObjectKey, at time: Date) async throws -> ObjectLock?
    /// Removes an object for good, with all its versions.
    /// - Throws: ``StorageError/locked(_:location:until:)``.
    func deleteForGood(_ key: ObjectKey) async throws
    /// Uploads that were begun and have not ended.
    func unfinishedUploads() async throws -> [(key: String, id: String)]
    /// The objects themselves.
    var objects: any ObjectStore { get }
    func close() async
}
