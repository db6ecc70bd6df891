internal import BackupControl
internal import BackupCore
internal import BackupStorage
internal import FoundationEssentials
internal import HTTPTypes
package import Hummingbird
package import Logging
internal import NIOCore

/// The embedded store over HTTP, as far as presigned URLs go: PUT of an object or a part, and GET. Refusals look like S3's, so that
/// an agent needs to know only one kind of store.
package struct StoreRoutes: Sendable {
    private let storage: StorageService
    private let links: StoreLinks
    private let logger: Logger

    package init(storage: StorageService, links: StoreLinks, logger: Logger) {
        self.storage = storage
        self.links = links
        self.logger = logger
    }

    package func add<Context: RequestContext>(to router: Router<Context>) {
        let path = RouterPath(StoreLinks.path + "/**")
        router.put(path) { request, _ in await self.respond(to: request) }
        router.get(path) { request, _ in await self.respond(to: request) }
    }

    package func respond(to request: Request) async -> Response {
        do {
            let grant = try links.grant(
                method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "", at: Date())
            guard let store = try await storage.embedded(.init(grant.profile)) else {
                return Self.refusal(.notFound, "NoSuchBucket")
            }
            return request.method == .put
                ? try await put(request, grant, in: store) : try await get(request, grant, in: store)
        } catch {
            return refusal(error)
        }
    }

    // MARK: Requests

    private func put(_ request: Request, _ grant: StoreLinks.Grant, in store: EmbeddedStore) async throws -> Response {
        guard let length = request.headers[.contentLength].flatMap({ UInt64($0) }) else {
            return Self.refusal(.lengthRequired, "MissingContentLength")
        }
        guard length <= store.limits.maxPartBytes else { return Self.refusal(.badRequest, "EntityTooLarge") }
        var headers: HTTPFields = [.contentLength: "0"]
        if grant.part > 0 {
            guard grant.part <= store.limits.maxParts else { return Self.refusal(.badRequest, "InvalidArgument") }
            headers[.eTag] = try await store.receive(
                part: grant.part, of: grant.uploadID, length: length, request.body)
        } else {
            try await store.receive(grant.key, length: length, request.body)
            headers[.eTag] = try await Self.tag(of: grant.key, in: store)
        }
        return Response(status: .ok, headers: headers)
    }

    private func get(_ request: Request, _ grant: StoreLinks.Grant, in store: EmbeddedStore) async throws -> Response {
        guard let info = try await store.directory.info(grant.key) else { return Self.refusal(.notFound, "NoSuchKey") }
        let tag = Self.tag(of: info)
        if let wanted = request.headers[.ifMatch], wanted != tag {
            return Self.refusal(.preconditionFailed, "PreconditionFailed")
        }
        var headers: HTTPFields = [.eTag: tag, .acceptRanges: "bytes", .contentType: "application/octet-stream"]
        var range = 0..<info.size
        var status = HTTPResponse.Status.ok
        if let text = request.headers[.range] {
            guard let wanted = Self.range(text, of: info.size) else {
                return Self.refusal(.rangeNotSatisfiable, "InvalidRange")
            }
            range = wanted
            status = .partialContent
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(info.size)"
        }
        headers[.contentLength] = "\(range.count)"
        let content = try await store.directory.get(grant.key, range: range)
        let body = ResponseBody(contentLength: range.count) { writer in
            for try await block in content.bytes {
                try await writer.write(block.withBytes { ByteBuffer(bytes: $0) })
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    // MARK: Parts of HTTP

    /// `bytes=FROM-TO`, `bytes=FROM-` or `bytes=-LAST` (RFC 9110, section 14.1.2); nil where it has nothing of the object.
    static func range(_ text: String, of size: UInt64) -> Range<UInt64>? {
        guard let match = text.wholeMatch(of: /bytes=([0-9]*)-([0-9]*)/) else { return nil }
        if let from = UInt64(match.1) {
            let last = match.2.isEmpty ? .max : UInt64(match.2)
            guard let last, from < size, from <= last else { return nil }
            return from..<min(last, size - 1) + 1
        }
        guard let count = UInt64(match.2), count > 0, size > 0 else { return nil }
        return size - min(count, size)..<size
    }

    private static func tag(of key: ObjectKey, in store: EmbeddedStore) async throws -> String? {
        try await store.directory.info(key).map { tag(of: $0) }
    }

    private static func tag(of info: ObjectInfo) -> String {
        "\"\(info.size)-\(Int((info.modified?.timeIntervalSince1970 ?? 0) * 1000))\""
    }

    // MARK: Refusals

    private func refusal(_ error: any Error) -> Response {
        switch error {
        case StoreLinks.Refusal.invalid: return Self.refusal(.forbidden, "SignatureDoesNotMatch")
        case StoreLinks.Refusal.expired(let time): return Self.refusal(.forbidden, "AccessDenied", expires: time)
        case EmbeddedStore.ReceiveError.incomplete: return Self.refusal(.badRequest, "IncompleteBody")
        case EmbeddedStore.ReceiveError.noSuchUpload: return Self.refusal(.notFound, "NoSuchUpload")
        case StorageError.objectExists: return Self.refusal(.preconditionFailed, "PreconditionFailed")
        case StorageError.diskFull:
            logger.error("the embedded store's disk is full")
            return Self.refusal(.init(code: 507), "InsufficientStorage")
        default:
            logger.error("a request to the embedded store failed", metadata: ["error": "\(error)"])
            return Self.refusal(.internalServerError, "InternalError")
        }
    }

    /// As S3 says it. AWS names the time of an expired URL in an element of its own.
    private static func refusal(_ status: HTTPResponse.Status, _ code: String, expires: Int? = nil) -> Response {
        let time = expires.map { UTCTime(Date(timeIntervalSince1970: TimeInterval($0))).rfc3339 }
        let element = time.map { "<Expires>\($0)</Expires>" } ?? ""
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code>\(element)</Error>\n"
        // What is left of a body that nobody reads would be taken for the next request.
        return Response(
            status: status, headers: [.contentType: "application/xml", .connection: "close"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
