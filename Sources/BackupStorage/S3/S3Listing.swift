internal import BackupCore
internal import FoundationEssentials

/// The objects under a prefix, a page of at most 1,000 at a time.
struct S3Listing: AsyncSequence, Sendable {
    typealias Element = ObjectInfo
    typealias Failure = any Error

    let client: S3Client
    let storePrefix: String
    let prefix: String

    func makeAsyncIterator() -> Iterator { Iterator(listing: self) }

    struct Iterator: AsyncIteratorProtocol {
        private let listing: S3Listing
        private var page: [ObjectInfo] = []
        private var continuation: String?
        private var isLastPage = false

        init(listing: S3Listing) { self.listing = listing }

        mutating func next() async throws -> ObjectInfo? {
            // A page may be empty and still not be the last one.
            while page.isEmpty {
                guard !isLastPage else { return nil }
                try await fetch()
            }
            return page.removeLast()
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ObjectInfo? { try await next() }

        private mutating func fetch() async throws {
            var request = S3Request("ListObjectsV2")
            request.query = [
                ("list-type", "2"), ("encoding-type", "url"), ("max-keys", "1000"),
                ("prefix", listing.storePrefix + listing.prefix),
            ]
            if let continuation { request.query.append(("continuation-token", continuation)) }
            let response = try await listing.client.send(request)
            guard let document = XMLElement.parse(response.body), document.name == "ListBucketResult" else {
                throw invalid("it is no ListBucketResult")
            }
            isLastPage = document["IsTruncated"] != "true"
            let token = document["NextContinuationToken"]
            // Without a new token the same page would come for ever.
            guard isLastPage || (token != nil && token != continuation) else { throw invalid("it has no next page") }
            continuation = token
            let isEncoded = document["EncodingType"] == "url"
            page = try document.all("Contents").compactMap { try info($0, isEncoded: isEncoded) }.reversed()
        }

        /// nil for an object that is outside the prefix, or whose name can't be a key of ours.
        private func info(_ element: XMLElement, isEncoded: Bool) throws -> ObjectInfo? {
            guard let text = element["Key"], let size = element["Size"].flatMap({ UInt64($0) }) else {
                throw invalid("an object has no key or no size")
            }
            // Servers of the URL kind write a space as '+'.
            let name = isEncoded ? PercentEncoding.decoded(text.replacing("+", with: " ")) ?? text : text
            guard name.hasPrefix(listing.storePrefix),
                let key = try? ObjectKey(String(name.dropFirst(listing.storePrefix.count)))
            else { return nil }
            let modified = element["LastModified"].flatMap { try? Date($0, strategy: Self.dates) }
            return ObjectInfo(key: key, size: size, modified: modified)
        }

        private static let dates = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

        private func invalid(_ reason: String) -> StorageError {
            .invalidResponse(location: listing.client.location, operation: "ListObjectsV2", reason: reason)
        }
    }
}
