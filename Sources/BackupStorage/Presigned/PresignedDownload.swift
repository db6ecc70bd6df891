internal import AsyncHTTPClient
internal import BackupCore
internal import FoundationEssentials
internal import NIOHTTP1

/// The requests of a download with a URL that expires, and is then replaced.
struct PresignedDownload: DownloadRequests {
    /// Of one request, one after another.
    static let largestRenewals = 5

    var location: String { transport.client.location }
    private let transport: PresignedTransport
    private let links: Links

    /// - Parameters:
    ///   - url: the first one, where there is one.
    ///   - another: asks for the next.
    init(
        _ url: PresignedURL?, transport: PresignedTransport,
        another: @escaping @Sendable () async throws -> PresignedURL
    ) {
        self.transport = transport
        links = Links(url, transport: transport, another: another)
    }

    /// From now on, until it expires.
    func use(_ url: PresignedURL) async throws { try await links.use(url) }

    func open(_ request: S3Request, accepting: Set<Int>) async throws -> HTTPClientResponse {
        var request = request
        var link = try await links.current()
        var renewals = 0
        while true {
            request.link = link
            do {
                return try await transport.client.at(link.place).open(request, accepting: accepting)
            } catch StorageError.urlExpired where renewals < Self.largestRenewals {
                renewals += 1
                link = try await links.renewed()
            }
        }
    }

    /// A URL that allows GET allows no HEAD, so this asks for one byte.
    func size(of key: String) async throws -> UInt64 {
        var request = S3Request("GetObject", key: key)
        request.headers["range"] = "bytes=0-0"
        let response = try await open(request, accepting: [416])
        let total = response.headers.first(name: "content-range")?.split(separator: "/").last.flatMap { UInt64($0) }
        if response.status.code == 416 { return total ?? 0 }
        guard let size = total ?? response.headers.first(name: "content-length").flatMap({ UInt64($0) }) else {
            throw StorageError.invalidResponse(
                location: location, operation: request.operation, reason: "it has no size")
        }
        return size
    }

    func pause(after attempt: Int) async throws { try await transport.client.pause(after: attempt) }
    func failure(_ error: any Error, in operation: String) -> StorageError {
        transport.client.failure(error, in: operation)
    }

    private actor Links {
        private var url: PresignedURL?
        private var link: PresignedLink?
        private let transport: PresignedTransport
        private let another: @Sendable () async throws -> PresignedURL

        init(
            _ url: PresignedURL?, transport: PresignedTransport,
            another: @escaping @Sendable () async throws -> PresignedURL
        ) {
            self.url = url
            self.transport = transport
            self.another = another
        }

        func use(_ url: PresignedURL) throws {
            link = try transport.link(url)
            self.url = nil
        }

        func current() async throws -> PresignedLink {
            if let url { try use(url) }
            if let link, !link.isAboutToExpire(at: Date()) { return link }
            return try await renewed()
        }

        func renewed() async throws -> PresignedLink {
            try use(try await another())
            guard let link else { throw StorageError.invalidGrant(reason: "there is no URL to read with") }
            return link
        }
    }
}
