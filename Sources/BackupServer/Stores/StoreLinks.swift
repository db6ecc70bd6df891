package import BackupControl
package import BackupCore
internal import Crypto
package import FoundationEssentials

/// URLs of the embedded store: each allows one kind of request for one object, until it expires. The object's key names the run.
///
/// `/v1/store/PROFILE/KEY?Expires=UNIX&Part=N&Upload=ID&Signature=HEX`, where the signature is HMAC-SHA-256 over the method and all
/// else, under a key from the master key; so any replica makes and takes them.
package struct StoreLinks: Sendable {
    package static let path = "/v1/store"
    private static let purpose = "backupy store link"

    /// What one URL allows.
    package struct Grant: Sendable, Equatable {
        package var method: String
        package var profile: String
        package var key: ObjectKey
        package var uploadID = ""
        /// From 1; 0: all of the object.
        package var part = 0
        /// Unix.
        package var expires: Int
    }

    package enum Refusal: Error, Equatable {
        /// It is none of ours, or was changed.
        case invalid
        case expired(at: Int)
    }

    private let agentBase: String
    private let publicBase: String
    private let keys: MasterKeys

    /// - Parameters:
    ///   - publicURL: how people reach the server: `https://backup.example.com`.
    ///   - agentURL: how agents do; nil where that is the same.
    package init(publicURL: String, agentURL: String? = nil, keys: MasterKeys) {
        func base(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
        agentBase = base(agentURL ?? publicURL)
        publicBase = base(publicURL)
        self.keys = keys
    }

    package func url(
        _ method: String, _ profile: StorageProfile.ID, _ key: ObjectKey, uploadID: String = "", part: Int = 0,
        isForAgents: Bool = true, lifetime: Duration, at time: Date
    ) -> PresignedURL {
        let expires = Int(time.timeIntervalSince1970) + Int(lifetime.components.seconds)
        let grant = Grant(
            method: method, profile: profile.string, key: key, uploadID: uploadID, part: part, expires: expires)
        let code = HMAC<SHA256>.authenticationCode(for: Self.text(grant), using: keys.signingKey(Self.purpose))
        let path = key.string.split(separator: "/").map { PercentEncoding.encoded(String($0)) }.joined(separator: "/")
        var query = "Expires=\(expires)"
        if part > 0 { query += "&Part=\(part)" }
        if !uploadID.isEmpty { query += "&Upload=\(uploadID)" }
        let signature = code.map { String(0x100 | Int($0), radix: 16).dropFirst() }.joined()
        let base = isForAgents ? agentBase : publicBase
        return PresignedURL(
            Secret("\(base)\(Self.path)/\(profile)/\(path)?\(query)&Signature=\(signature)"),
            expires: Date(timeIntervalSince1970: TimeInterval(expires)))
    }

    /// What a request may do. The comparison takes the same time whatever differs.
    /// - Parameters:
    ///   - path: as it came, percent-encoded.
    ///   - query: likewise.
    package func grant(method: String, path: String, query: String, at time: Date) throws(Refusal) -> Grant {
        let segments = path.dropFirst(Self.path.count + 1).split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix(Self.path + "/"), segments.count >= 2,
            let text = PercentEncoding.decoded(segments.dropFirst().joined(separator: "/")),
            let key = try? ObjectKey(text)
        else { throw .invalid }
        var values: [Substring: Substring] = [:]
        for item in query.split(separator: "&").prefix(8) {
            let parts = item.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let expires = values["Expires"].flatMap({ Int($0) }), let signature = values["Signature"],
            let code = Self.bytes(signature)
        else { throw .invalid }
        let grant = Grant(
            method: method, profile: String(segments[0]), key: key, uploadID: String(values["Upload"] ?? ""),
            part: values["Part"].flatMap { Int($0) } ?? 0, expires: expires)
        let signed = Self.text(grant)
        let isOurs = keys.checkingKeys(Self.purpose).contains { key in
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
        }
        guard isOurs else { throw .invalid }
        guard TimeInterval(expires) > time.timeIntervalSince1970 else { throw .expired(at: expires) }
        return grant
    }

    /// No field but the last can hold a line break.
    private static func text(_ grant: Grant) -> [UInt8] {
        let fields = [
            grant.method, grant.profile, grant.uploadID, "\(grant.part)", "\(grant.expires)", grant.key.string,
        ]
        return Array(fields.joined(separator: "\n").utf8)
    }

    private static func bytes(_ hex: Substring) -> [UInt8]? {
        guard hex.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = hex[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
