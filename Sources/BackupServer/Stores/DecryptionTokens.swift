package import BackupControl
package import BackupCore
internal import BackupFormat
internal import Crypto
package import FoundationEssentials

/// Makes the tokens that open one backup for 15 minutes: JWTs with HS256 (docs/format.md, docs/decisions/0020).
package struct DecryptionTokens: Sendable {
    package static let lifetime = Duration.seconds(900)

    private struct Claims: Encodable {
        let iss = "backupy-server"
        let aud = "backupy-decrypt"
        let sub: String
        let iat: Int
        let exp: Int
        let run_id: String
        let company_id = "backupy"
        let dek: String
        let alg = "AES-256-GCM"
        let format_version: Int
        let sha256: String
    }

    private let keys: MasterKeys

    package init(keys: MasterKeys) { self.keys = keys }

    /// - Parameter subject: who asked for it.
    /// - Throws: ``DispatchError/keyUnavailable(keyID:)``; ``ControlError/precondition(_:)`` for a run that the server has no key of.
    package func token(for run: RunRecord, subject: String, at time: Date) throws -> Secret {
        guard let keyID = run.encryption.keyID, let wrapped = run.encryption.wrappedKey else {
            throw ControlError.precondition("the server has no key of backup \(run.id)")
        }
        let key = try keys.unwrap(wrapped, keyID: keyID, runID: run.id.string)
        let start = Int(time.timeIntervalSince1970)
        let claims = Claims(
            sub: subject, iat: start, exp: start + Int(Self.lifetime.components.seconds), run_id: run.id.string,
            dek: key.withBytes { Data($0).base64EncodedString() }, format_version: run.encryption.formatVersion,
            sha256: run.stored?.sha256 ?? "")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let signed =
            Self.base64URL(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "."
            + Self.base64URL(Array(try encoder.encode(claims)))
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8), using: keys.signingKey("backupy decryption token"))
        return Secret(signed + "." + Self.base64URL(Array(code)))
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
