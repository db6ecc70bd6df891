internal import BackupDashboard
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The dashboard's own files. Their paths have their version, so that browsers keep them for ever; all of them are compressed once.
struct AssetRoutes: Sendable {
    private struct Content: Sendable {
        let type: String
        let bytes: ByteBuffer
        let compressed: ByteBuffer
    }

    private let contents: [String: Content]
    private let isSecure: Bool

    init(isSecure: Bool) throws {
        self.isSecure = isSecure
        contents = try Dictionary(
            uniqueKeysWithValues: Asset.all.map { asset in
                let bytes = asset.bytes
                return (
                    asset.name,
                    Content(
                        type: asset.type, bytes: ByteBuffer(bytes: bytes),
                        compressed: ByteBuffer(bytes: try GzipText.compressed(bytes)))
                )
            })
    }

    func add(to router: Router<ServerContext>) {
        router.get("/assets/{version}/{name}") { request, context in
            guard let version = context.parameters.get("version"), let name = context.parameters.get("name"),
                let content = contents[name]
            else { throw HTTPError(.notFound) }
            return response(content, Asset.cacheControl(version: version), to: request)
        }
    }

    private func response(_ content: Content, _ cacheControl: String, to request: Request) -> Response {
        let isCompressed = GzipText.isTaken(request.headers)
        // Each form has a tag of its own, as RFC 9110 has it (8.8.3.3).
        let tag = isCompressed ? "\"\(Asset.version)-gzip\"" : Asset.etag
        var headers: HTTPFields = [
            .contentType: content.type, .cacheControl: cacheControl, .eTag: tag, .vary: "Accept-Encoding",
        ]
        SecurityHeaders.add(to: &headers, isSecure: isSecure)
        let known = (request.headers[.ifNoneMatch] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        if known.contains(tag) || known == ["*"] { return Response(status: .notModified, headers: headers) }
        if isCompressed { headers[.contentEncoding] = "gzip" }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(byteBuffer: isCompressed ? content.compressed : content.bytes))
    }
}
