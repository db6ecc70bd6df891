package import BackupCore
internal import Crypto
internal import FoundationEssentials

/// Secrets that the control plane must give back in clear to an agent, a store or a channel: AES-256-GCM under a key from the master
/// key, bound to the place where each stands, so that one copied to another row does not open.
package struct SealedText: Sendable {
    private let key: SymmetricKey

    /// - Parameter masterKey: 32 bytes.
    package init(masterKey: SecretBytes) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: masterKey.revealed), info: Data("backupy sealed text".utf8),
            outputByteCount: 32)
    }

    /// - Parameter place: say, `targets/ID/password`.
    package func seal(_ secret: Secret, for place: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(secret.revealed.utf8), using: key, authenticating: Array(place.utf8))
        guard let combined = box.combined else { throw ControlError.precondition("sealing for \(place) failed") }
        return Array(combined)
    }

    /// - Throws: ``ControlError/precondition(_:)`` for what was sealed under another key, or elsewhere.
    package func open(_ sealed: [UInt8], for place: String) throws(ControlError) -> Secret {
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let bytes = try? AES.GCM.open(box, using: key, authenticating: Array(place.utf8))
        else { throw .precondition("the secret at \(place) can't be opened with this master key") }
        return Secret(String(decoding: bytes, as: UTF8.self))
    }
}
