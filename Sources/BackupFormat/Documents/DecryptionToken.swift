internal import CBackupSystem
package import FoundationEssentials

/// What opens one backup for 15 minutes: a JWT of the control plane (backup-format.md, "The decryption token").
///
/// Its signature is not checked: who reads offline can't know the secret, and whoever has the token has the key inside
/// anyway.
///
/// The decoded key is wiped here, and by ``DataKey``. The token's text is not: it came as a string, which can't be wiped, in
/// the arguments or a file; it is good for one backup and ends with the process.
package struct DecryptionToken: Sendable {
    package static let largestSize = 16 * 1024

    package let runID: String
    package let key: DataKey
    package let formatVersion: Int
    /// Lower-case hex of the stored bytes; nil when the server didn't know it.
    package let sha256: String?

    private struct Header: Decodable {
        let alg: String
    }

    private struct Claims: Decodable {
        let iss: String
        let aud: Audience
        let sub: String
        let iat: Double
        let exp: Double
        let runID: String
        let companyID: String
        let dek: String
        let alg: String
        let formatVersion: Int
        let sha256: String

        enum CodingKeys: String, CodingKey {
            case iss, aud, sub, iat, exp, dek, alg, sha256
            case runID = "run_id"
            case companyID = "company_id"
            case formatVersion = "format_version"
        }
    }

    /// One audience, or several (RFC 7519 §4.1.3).
    private struct Audience: Decodable {
        let names: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let name = try? container.decode(String.self) {
                names = [name]
            } else {
                names = try container.decode([String].self)
            }
        }
    }

    /// - Throws: ``FormatError/badToken(_:)``, ``FormatError/expiredToken``. No part of the token is ever repeated in
    ///   one.
    package init(_ text: String, now: Date) throws(FormatError) {
        guard text.utf8.count <= Self.largestSize else { throw .badToken("it is longer than any token") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .badToken("it doesn't have three parts with dots between them") }
        guard let header = Self.decode(Header.self, parts[0]) else { throw .badToken("its header can't be read") }
        guard header.alg == "HS256" else { throw .badToken("its header names another algorithm than HS256") }
        guard let claims = Self.decode(Claims.self, parts[1]) else {
            throw .badToken("its claims can't be read, or one is missing")
        }
        guard !parts[2].isEmpty, Base64URL.decode(parts[2]) != nil else { throw .badToken("its signature is missing") }
        guard claims.iss == "backupy-server" else { throw .badToken("it was not issued by a backupy-server") }
        guard claims.aud.names.contains("backupy-decrypt") else { throw .badToken("it is not for backupy-decrypt") }
        guard claims.alg == "AES-256-GCM" else { throw .badToken("it names another cipher than AES-256-GCM") }
        guard (1...2).contains(claims.formatVersion) else {
            throw .badToken("it is for a format that this program doesn't know")
        }
        guard claims.exp > now.timeIntervalSince1970 else { throw .expiredToken }
        guard let key = Self.key(claims.dek) else { throw .badToken("its key does not have 32 bytes") }
        let hash = claims.sha256.lowercased()
        guard hash.isEmpty || [UInt8](hex: hash)?.count == 32 else { throw .badToken("its hash is not a SHA-256") }
        runID = claims.runID
        self.key = key
        formatVersion = claims.formatVersion
        sha256 = hash.isEmpty ? nil : hash
    }

    private static func key(_ text: String) -> DataKey? {
        guard var bytes = Data(base64Encoded: text) else { return nil }
        defer { wipe(&bytes) }
        return DataKey(bytes)
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ part: Substring) -> T? {
        guard var bytes = Base64URL.decode(part).map({ Data($0) }) else { return nil }
        defer { wipe(&bytes) }
        return try? JSONDecoder().decode(type, from: bytes)
    }

    private static func wipe(_ bytes: inout Data) {
        bytes.withUnsafeMutableBytes { backup_wipe($0.baseAddress, $0.count) }
    }
}

/// base64url without padding (RFC 7515 §2).
private enum Base64URL {
    static func decode(_ text: Substring) -> [UInt8]? {
        guard !text.contains(where: { $0 == "+" || $0 == "/" }) else { return nil }
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return Base64.decode(String(standard))
    }
}
