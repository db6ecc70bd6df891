internal import Crypto
package import BackupCore
package import FoundationEssentials

/// Proves to a webhook's receiver who sent it, and when: `Backupy-Signature: t=1780000000,v1=HEX`, where HEX is HMAC-SHA-256, under the
/// channel's secret, over the time as written, a dot, and the body.
///
/// A receiver computes the same, compares in constant time, and refuses what is older than some minutes: then nobody can send it again.
package enum WebhookSignature {
    package static let header = "Backupy-Signature"

    package static func value(_ body: [UInt8], secret: Secret, at time: Date) -> String {
        let seconds = time.wholeSeconds ?? 0
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(secret.revealed.utf8)))
        code.update(data: Array("\(seconds).".utf8))
        code.update(data: body)
        let hex = code.finalize().map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
        return "t=\(seconds),v1=\(hex)"
    }
}
