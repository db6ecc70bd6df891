internal import BackupCore
internal import Crypto
internal import FoundationEssentials

/// AWS Signature Version 4 for S3, in the `Authorization` header.
///
/// Source: Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header".
struct SigV4Signer: Sendable {
    let credentials: S3Credentials
    let region: String

    /// What a signature covers.
    struct Request {
        var method: String
        /// The path as it goes over the wire, already encoded by ``encode(_:keepingSlashes:)``.
        var path: String
        var query: [(name: String, value: String)] = []
        /// Names in lower case; `host` among them.
        var headers: [String: String]
        /// Lower-case hex of the body's SHA-256.
        var payloadHash: String
    }

    /// The headers to add to `request`, its signature among them.
    func headers(for request: Request, at time: Date) -> [String: String] {
        let clock = UTCTime(time)
        let date = clock.compactDate
        let timestamp = "\(date)T\(clock.compactTime)Z"
        var added = ["x-amz-date": timestamp, "x-amz-content-sha256": request.payloadHash]
        added["x-amz-security-token"] = credentials.sessionToken?.revealed
        let signed = request.headers.merging(added) { $1 }.sorted { $0.key < $1.key }
        let names = signed.map(\.key).joined(separator: ";")
        let canonical = [
            request.method, request.path, Self.canonicalQuery(request.query),
            signed.map { "\($0.key):\(Self.trimmed($0.value))\n" }.joined(), names, request.payloadHash,
        ].joined(separator: "\n")
        let scope = "\(date)/\(region)/s3/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(Self.hex(SHA256.hash(data: Array(canonical.utf8))))"
        let key = ["\(date)", region, "s3", "aws4_request"].reduce(
            Array("AWS4\(credentials.secretAccessKey.revealed)".utf8)
        ) {
            Self.hmac($1, key: $0)
        }
        let signature = Self.hex(Self.hmac(text, key: key))
        added["authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
        return added
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
