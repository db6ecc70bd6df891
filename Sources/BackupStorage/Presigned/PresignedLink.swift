internal import AsyncHTTPClient
internal import BackupCore
internal import FoundationEssentials
internal import NIOHTTP1

/// A presigned URL that was looked at: it leads where one may go, and can be shown without what makes it a right.
struct PresignedLink: Sendable {
    /// Scheme, host and path. The query is never shown: whoever has it can use the URL.
    let place: String
    private let url: Secret
    private let headers: [String: String]
    private let expires: Date?

    /// Before this much time is left, another URL is asked for: a part has to be there before it expires.
    static let margin: TimeInterval = 30
    /// Set by the connection, not by a control plane.
    private static let ownHeaders: Set = [
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "expect",
    ]

    /// - Throws: ``StorageError/invalidGrant(reason:)``, which doesn't repeat the URL.
    init(_ presigned: PresignedURL, allowsInsecure: Bool) throws(StorageError) {
        let text = presigned.url.revealed
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.percentEncodedHost, !host.isEmpty
        else { throw .invalidGrant(reason: "a URL is not an https:// address") }
        guard parts.user == nil, parts.password == nil, parts.fragment == nil else {
            throw .invalidGrant(reason: "a URL has a user or a fragment in it")
        }
        place = "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")\(parts.percentEncodedPath)"
        guard scheme == "https" || allowsInsecure || ["localhost", "127.0.0.1", "[::1]"].contains(host.lowercased())
        else {
            throw .invalidGrant(reason: "\(place) is plain http, which a control plane behind TLS must not ask for")
        }
        for (name, value) in presigned.headers {
            let isToken = name.wholeMatch(of: /[A-Za-z0-9!#$%&'*+.^_`|~-]+/) != nil
            guard isToken, !Self.ownHeaders.contains(name.lowercased()),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw .invalidGrant(reason: "a URL comes with a header that can't be sent") }
        }
        url = presigned.url
        headers = presigned.headers
        expires = presigned.expires ?? Self.expiry(parts)
    }

    /// Whether the signature covers a condition that the object is not there yet.
    var isCreateOnly: Bool { headers.keys.contains { $0.lowercased() == "if-none-match" } }

    /// By this machine's clock, which may be wrong: a hint that it's time for another one, never a reason to fail.
    func isAboutToExpire(at now: Date) -> Bool { expires.map { now.addingTimeInterval(Self.margin) >= $0 } ?? false }

    func outgoing(_ request: S3Request) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: url.revealed)
        outgoing.headers = HTTPHeaders(request.headers.merging(headers) { $1 }.sorted { $0.key < $1.key })
        return outgoing
    }

    /// What an answer says about the URL; nil when it's about something else.
    /// - Parameter date: the answer's `Date`: expiry is decided by the store's clock.
    func refusal(of request: S3Request, status: Int, _ error: XMLElement?, date: String?) -> StorageError? {
        let code = error?["Code"] ?? "HTTP \(status)"
        switch (status, code) {
        case (_, "QuotaExceeded"), (_, "QuotaExceededException"): return nil
        case (_, "ExpiredToken"): return .urlExpired(location: place, operation: request.operation)
        case (401, _), (403, _), (400, "AuthorizationQueryParametersError"), (400, "InvalidToken"): break
        default: return nil
        }
        // AWS names the time in an element of its own; of other servers only the clock tells.
        if error?["Expires"] != nil || hasExpired(date) {
            return .urlExpired(location: place, operation: request.operation)
        }
        return .urlRefused(location: place, operation: request.operation, code: code)
    }

    private func hasExpired(_ date: String?) -> Bool {
        guard let expires else { return false }
        let now = date.flatMap { Self.time($0) } ?? Date()
        return now >= expires
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7); nil for anything else.
    private static func time(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let parts = text.wholeMatch(of: /[A-Za-z]{3}, (\d\d) ([A-Za-z]{3}) (\d{4}) (\d\d:\d\d:\d\d) GMT/),
            let month = months.firstIndex(of: String(parts.2))
        else { return nil }
        return UTCTime(rfc3339: "\(parts.3)-\(month < 9 ? "0" : "")\(month + 1)-\(parts.1)T\(parts.4)Z")?.date
    }

    /// Of the signature's own parameters: `X-Amz-Date` and `X-Amz-Expires`, or the older `Expires`.
    private static func expiry(_ parts: URLComponents) -> Date? {
        let items = (parts.queryItems ?? []).map { ($0.name.lowercased(), $0.value ?? "") }
        let query = Dictionary(items) { first, _ in first }
        if let time = query["x-amz-date"]?.wholeMatch(of: /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/),
            let start = UTCTime(rfc3339: "\(time.1)-\(time.2)-\(time.3)T\(time.4):\(time.5):\(time.6)Z"),
            let seconds = query["x-amz-expires"].flatMap({ TimeInterval($0) })
        {
            return start.date.addingTimeInterval(seconds)
        }
        return query["expires"].flatMap { TimeInterval($0) }.map { Date(timeIntervalSince1970: $0) }
    }
}
