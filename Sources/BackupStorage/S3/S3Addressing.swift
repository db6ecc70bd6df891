internal import AsyncHTTPClient
internal import BackupCore
internal import FoundationEssentials
internal import NIOHTTP1

/// Where the requests for a bucket go, and what makes them valid: a signature in their headers, or in their URL.
struct S3Addressing: Sendable {
    private let bucket: String
    private let endpoint: S3Endpoint
    private let isPathStyle: Bool
    private let signer: SigV4Signer

    init(bucket: String, settings: S3Settings) {
        self.bucket = bucket
        endpoint = settings.endpoint ?? .aws(region: settings.region)
        // A bucket with dots has no certificate of its own under AWS's wildcard.
        isPathStyle = settings.isPathStyle ?? (settings.endpoint != nil || bucket.contains("."))
        signer = SigV4Signer(credentials: settings.credentials, region: settings.region)
    }

    /// `request` without its body, signed now.
    func outgoing(_ request: S3Request) -> HTTPClientRequest {
        let path = path(of: request)
        let query = SigV4Signer.canonicalQuery(request.query)
        var headers = request.headers
        headers["host"] = authority
        let signature = signer.headers(
            for: .init(
                method: request.method, path: path, query: request.query, headers: headers,
                payloadHash: request.payloadHash), at: Date())
        headers.merge(signature) { $1 }
        var outgoing = HTTPClientRequest(url: "\(origin)\(path)\(query.isEmpty ? "" : "?" + query)")
        outgoing.headers = HTTPHeaders(headers.sorted { $0.key < $1.key })
        return outgoing
    }

    /// A URL that stands for `request`, whatever its body, until it expires. The request's headers are signed: they have
    /// to be sent with it.
    /// - Parameter seconds: at most 7 days.
    func presigned(_ request: S3Request, seconds: Int, at time: Date) -> PresignedURL {
        let path = path(of: request)
        var headers = request.headers
        headers["host"] = authority
        let query = signer.query(
            for: .init(
                method: request.method, path: path, query: request.query, headers: headers,
                payloadHash: SigV4Signer.unsignedPayload), seconds: seconds, at: time)
        return PresignedURL(
            Secret("\(origin)\(path)?\(query)"), headers: request.headers,
            expires: UTCTime(time).date.addingTimeInterval(TimeInterval(seconds)))
    }

    private var authority: String { endpoint.authority(bucket: isPathStyle ? nil : bucket) }
    private var origin: String { (endpoint.isSecure ? "https://" : "http://") + authority }

    private func path(of request: S3Request) -> String {
        var path = endpoint.path + (isPathStyle ? "/\(bucket)" : "")
        if let key = request.key { path += "/" + SigV4Signer.encode(key, keepingSlashes: true) }
        return path.isEmpty ? "/" : path
    }
}
