internal import BackupCore
internal import Crypto
internal import FoundationEssentials

/// Seals the values of the state with AES-256-GCM, each to its place: docs/agent-state.md.
///
/// A value that was moved to another bucket or key, or changed, doesn't open.
struct StateSeal: Sendable {
    static let version: UInt8 = 1
    /// The version, the nonce and the tag.
    static let overhead = 1 + 12 + 16

    private static let salt = Array("backupy-agent-state-salt".utf8)
    private static let info = Array("backupy-agent/state-v1".utf8)

    private let key: SymmetricKey

    /// - Parameter agentKey: its text's bytes are what the key is derived from.
    init(agentKey: Secret) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(agentKey.revealed.utf8)), salt: Self.salt, info: Self.info,
            outputByteCount: 32)
    }

    /// Under a random nonce.
    /// - Returns: nil only where the cipher itself fails.
    func seal(_ value: [UInt8], bucket: String, key name: String) -> [UInt8]? {
        do {
            let box = try AES.GCM.seal(value, using: key, authenticating: Self.place(bucket: bucket, key: name))
            return [Self.version] + box.nonce + box.ciphertext + box.tag
        } catch {
            return nil
        }
    }

    /// - Returns: nil for what was not sealed with this key, for this place.
    func open(_ sealed: [UInt8], bucket: String, key name: String) -> [UInt8]? {
        guard sealed.first == Self.version, sealed.count >= Self.overhead else { return nil }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            return try [UInt8](AES.GCM.open(box, using: key, authenticating: Self.place(bucket: bucket, key: name)))
        } catch {
            return nil
        }
    }

    /// Unambiguous: no bucket's name holds a zero byte.
    private static func place(bucket: String, key: String) -> [UInt8] {
        Array(bucket.utf8) + [0] + Array(key.utf8)
    }
}
