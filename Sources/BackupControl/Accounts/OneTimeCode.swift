internal import Crypto
package import BackupCore
package import FoundationEssentials

/// Codes of the second factor (TOTP, RFC 6238): six digits of HMAC-SHA-1 over steps of 30 s.
package enum OneTimeCode {
    static let step = 30.0
    /// Steps before and after now whose codes are right too: clocks differ.
    static let tolerance: Int64 = 1

    /// 20 random bytes, as RFC 4226 recommends.
    package static func freshSecret(using random: inout some RandomNumberGenerator) -> SecretBytes {
        SecretBytes((0..<20).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// The time step that `code` is of; nil for none near `time`. Whoever accepts it must see to it that it is not taken twice.
    package static func step(of code: String, secret: SecretBytes, at time: Date) -> Int64? {
        let now = Int64(time.timeIntervalSince1970 / step)
        var found: Int64?
        // All are looked at, whichever fits.
        for candidate in (now - tolerance)...(now + tolerance) where isSame(Self.code(at: candidate, secret), code) {
            found = candidate
        }
        return found
    }

    package static func code(at step: Int64, _ secret: SecretBytes) -> String {
        let message = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret.revealed)))
        let offset = Int(mac[19] & 0xf)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        return String(String(1_000_000 + number % 1_000_000).dropFirst())
    }

    /// What an authenticator app reads as a QR code, or by hand.
    package static func address(secret: SecretBytes, email: String) -> Secret {
        Secret(
            "otpauth://totp/Backupy:\(PercentEncoding.encoded(email))?secret=\(base32(secret.revealed))&issuer=Backupy")
    }

    /// RFC 4648, without padding.
    static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[buffer >> bits & 31])
            }
            buffer &= 0xff
        }
        if bits > 0 { text.append(alphabet[buffer << (5 - bits) & 31]) }
        return text
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        SHA256.hash(data: Array(a.utf8)) == SHA256.hash(data: Array(b.utf8))
    }
}
