package import FoundationEssentials

/// Who gets an agent the right to store one object, and to read it again, without giving it a key of the store.
///
/// One broker is for one run. Its URLs are rights by themselves: whoever has one can use it until it expires. Errors
/// are the implementation's own, and reach the caller of the store unchanged.
package protocol UploadBroker: Sendable {
    /// URLs for the parts `first`, `first + 1`, …; each may be for a part that had one before, which is then replaced.
    /// - Parameters:
    ///   - first: from 1.
    ///   - count: at least 1. Fewer may come, but never none.
    /// - Throws: when there will be none: the run is over for whoever hands them out.
    func partURLs(first: Int, count: Int) async throws -> [PresignedPart]

    /// Makes an object of the parts. Nothing is visible before.
    /// - Parameter size: of all parts together, to be compared with what the store then holds.
    func complete(parts: [UploadedPartInfo], size: UInt64) async throws -> CompletedUpload

    /// Takes away what there is of the upload, or the object where its completion's answer was lost. Not stopped by
    /// cancellation.
    func abort(reason: String) async

    /// A URL that reads the object.
    func downloadURL() async throws -> PresignedURL
}

/// A URL that allows one kind of request for one object, for a time.
package struct PresignedURL: Sendable, Equatable {
    package var url: Secret
    /// To be sent with the request: the signature covers them.
    package var headers: [String: String]
    /// By the clock of who issued it; nil where that is only in the URL, or nowhere.
    package var expires: Date?

    package init(_ url: Secret, headers: [String: String] = [:], expires: Date? = nil) {
        self.url = url
        self.headers = headers
        self.expires = expires
    }
}

/// The right to store one part of an upload.
package struct PresignedPart: Sendable, Equatable {
    /// From 1.
    package var number: Int
    package var url: PresignedURL

    package init(number: Int, url: PresignedURL) {
        self.number = number
        self.url = url
    }
}

/// A part that the store has.
package struct UploadedPartInfo: Sendable, Equatable {
    package var number: Int
    /// As the store gave it, with its quotes.
    package var etag: String
    /// In bytes.
    package var size: UInt64

    package init(number: Int, etag: String, size: UInt64) {
        self.number = number
        self.etag = etag
        self.size = size
    }
}

/// The end of an upload that went well.
package struct CompletedUpload: Sendable, Equatable {
    /// What the store says that it holds, in bytes.
    package var size: UInt64
    /// Reads it; nil where that has to be asked for.
    package var download: PresignedURL?

    package init(size: UInt64, download: PresignedURL? = nil) {
        self.size = size
        self.download = download
    }
}

/// What the store takes of an upload in parts.
package struct UploadLimits: Sendable, Equatable {
    /// Of every part but the last.
    package var minPartBytes: UInt64
    package var maxPartBytes: UInt64
    package var maxParts: Int

    /// S3's own ("Multipart upload limits"), where nothing else is said.
    package static let s3 = UploadLimits(minPartBytes: 5 << 20, maxPartBytes: 5 << 30, maxParts: 10_000)

    package init(minPartBytes: UInt64, maxPartBytes: UInt64, maxParts: Int) {
        self.minPartBytes = minPartBytes
        self.maxPartBytes = maxPartBytes
        self.maxParts = maxParts
    }
}
