internal import BackupCore
internal import Crypto
package import FoundationEssentials

/// AWS Signature Version 4, in the `Authorization` header, or for S3 in a URL.
///
/// Source: Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header" and "… Using Query
/// Parameters"; IAM User Guide, "AWS Signature Version 4 for API requests".
package struct SigV4Signer: Sendable {
    /// In place of a body's hash, for whoever signs before there is one.
    static let unsignedPayload = "UNSIGNED-PAYLOAD"

    let credentials: S3Credentials
    let region: String
    let service: String

    package init(credentials: S3Credentials, region: String, service: String = "s3") {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// What a signature covers.
    package struct Request {
        var method: String
        /// The path as it goes over the wire, already encoded by ``encode(_:keepingSlashes:)``.
        var path: String
        var query: [(name: String, value: String)]
        /// Names in lower case; `host` among them.
        var headers: [String: String]
        /// Lower-case hex of the body's SHA-256, or ``SigV4Signer/unsignedPayload``.
        var payloadHash: String

        package init(
            method: String, path: String, query: [(name: String, value: String)] = [], headers: [String: String],
            payloadHash: String
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.payloadHash = payloadHash
        }

        fileprivate var headerNames: String { headers.keys.sorted().joined(separator: ";") }
    }

    /// The headers to add to `request`, its signature among them.
    package func headers(for request: Request, at time: Date) -> [String: String] {
        let stamp = Stamp(time, region: region, service: service)
        var added = ["x-amz-date": stamp.timestamp]
        // Only S3 wants to be told.
        if service == "s3" { added["x-amz-content-sha256"] = request.payloadHash }
        added["x-amz-security-token"] = credentials.sessionToken?.revealed
        var request = request
        request.headers.merge(added) { $1 }
        added["authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(stamp.scope),SignedHeaders=\(request.headerNames),"
            + "Signature=\(signature(of: request, stamp))"
        return added
    }

    /// The query of a URL that stands for `request`, its signature among its parameters. Anybody may then send it, with
    /// the headers that were signed.
    /// - Parameter seconds: how long it is good; 7 days at most.
    func query(for request: Request, seconds: Int, at time: Date) -> String {
        let stamp = Stamp(time, region: region, service: service)
        var request = request
        request.query += [
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(stamp.scope)"),
            ("X-Amz-Date", stamp.timestamp), ("X-Amz-Expires", "\(seconds)"),
            ("X-Amz-SignedHeaders", request.headerNames),
        ]
        if let token = credentials.sessionToken { request.query.append(("X-Amz-Security-Token", token.revealed)) }
        return Self.canonicalQuery(request.query) + "&X-Amz-Signature=\(signature(of: request, stamp))"
    }

    /// When, and for what, a key signs.
    private struct Stamp {
        let timestamp: String
        let scope: String
        /// What the key is derived by, one after another.
        let parts: [String]

        init(_ time: Date, region: String, service: String) {
            let clock = UTCTime(time)
            timestamp = "\(clock.compactDate)T\(clock.compactTime)Z"
            parts = [clock.compactDate, region, service, "aws4_request"]
            scope = parts.joined(separator: "/")
        }
    }

    private func signature(of request: Request, _ stamp: Stamp) -> String {
        let headers = request.headers.sorted { $0.key < $1.key }
        let canonical = [
            request.method, request.path, Self.canonicalQuery(request.query),
            headers.map { "\($0.key):\(Self.trimmed($0.value))\n" }.joined(), request.headerNames, request.payloadHash,
        ].joined(separator: "\n")
        let digest = Self.hash(of: Array(canonical.utf8))
        let key = stamp.parts.reduce(Array("AWS4\(credentials.secretAccessKey.revealed)".utf8)) {
            Self.hmac($1, key: $0)
        }
        return Self.hex(Self.hmac("AWS4-HMAC-SHA256\n\(stamp.timestamp)\n\(stamp.scope)\n\(digest)", key: key))
    }

    /// As it goes over the wire and into the signature: sorted by name, everything but unreserved characters encoded.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (encode($0.name), encode($0.value)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// RFC 3986 percent-encoding, upper-case hex, of all but unreserved characters.
    static func encode(_ text: String, keepingSlashes: Bool = false) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepingSlashes: encoded += "/"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    /// As ``Request/payloadHash`` wants it.
    package static func hash(of body: [UInt8]) -> String { hex(SHA256.hash(data: body)) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
}
