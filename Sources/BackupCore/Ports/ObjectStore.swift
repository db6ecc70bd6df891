package import FoundationEssentials

/// Where backups are kept: a bucket with a prefix, or a directory.
///
/// Keys are relative to the store's prefix. Every implementation runs the same contract suite.
package protocol ObjectStore: Sendable {
    /// How a person would name it in a message: `s3://bucket/prefix`, `file:///backups`. No secret in it.
    var location: String { get }

    /// Stores everything `source` yields under `key`; returns the number of bytes once the store has acknowledged
    /// all of them.
    ///
    /// Nothing is visible under `key` until `source` has ended without throwing, nor after this has thrown: where the
    /// store's answer is lost, the object is taken away again, which is why a key must be one that nobody else uses.
    /// Never replaces an object where the store can refuse to (S3: `If-None-Match: *`).
    /// - Parameter sizeHint: about how many bytes will come, before they are compressed, where that is known; only used to
    ///   choose the size of parts, and to refuse at once what can't fit.
    /// - Throws: an error of the store; errors of `source` unchanged; `CancellationError` after the partial upload has
    ///   been aborted. An error that says what is left, where that could not be done.
    func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64

    /// Opens an object for reading, all of it or `range` of it.
    ///
    /// The stream throws when it ends before as many bytes have come as the store announced.
    /// - Throws: an error with the code `storage.not_found` when there is none.
    func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent

    /// What is known of an object, or nil when there is none.
    func info(_ key: ObjectKey) async throws -> ObjectInfo?

    /// Every object whose key starts with `prefix`, in the byte order of their keys, page by page in bounded memory.
    func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable

    /// Removes an object; it is no error when there is none.
    func delete(_ key: ObjectKey) async throws
}

/// An open object.
package struct StoredContent: Sendable {
    /// The size of the whole object, also when a range of it is read.
    package let objectSize: UInt64
    package let bytes: ByteStream

    package init(objectSize: UInt64, bytes: ByteStream) {
        self.objectSize = objectSize
        self.bytes = bytes
    }
}

/// What a listing says of an object.
package struct ObjectInfo: Sendable, Equatable {
    package let key: ObjectKey
    package let size: UInt64
    package let modified: Date?

    package init(key: ObjectKey, size: UInt64, modified: Date?) {
        self.key = key
        self.size = size
        self.modified = modified
    }
}
