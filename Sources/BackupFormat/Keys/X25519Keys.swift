package import Crypto

/// A public key as `age-keygen` prints it: `age1…`.
package struct X25519Recipient: Recipient {
    private let publicKey: Curve25519.KeyAgreement.PublicKey

    /// - Throws: ``FormatError/badRecipient(_:)``
    package init(_ text: String) throws(FormatError) {
        guard let bytes = Bech32.decode(text, prefix: "age"), text == text.lowercased(), bytes.count == 32,
            let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)
        else { throw .badRecipient(text) }
        publicKey = key
    }

    init(_ publicKey: Curve25519.KeyAgreement.PublicKey) { self.publicKey = publicKey }

    package var description: String { Bech32.encode(Array(publicKey.rawRepresentation), prefix: "age") }

    package func wrap(_ key: DataKey) throws(FormatError) -> Stanza {
        try wrap(key, ephemeral: Curve25519.KeyAgreement.PrivateKey())
    }

    /// With a given ephemeral key: for test vectors only.
    package func wrap(_ key: DataKey, ephemeral: Curve25519.KeyAgreement.PrivateKey) throws(FormatError) -> Stanza {
        let share = ephemeral.publicKey
        guard let secret = try? ephemeral.sharedSecretFromKeyAgreement(with: publicKey),
            let wrapping = X25519Wrapping.key(secret: secret, share: share, recipient: publicKey),
            let nonce = try? ChaChaPoly.Nonce(data: X25519Wrapping.nonce),
            let box = try? key.withBytes({ try ChaChaPoly.seal($0, using: wrapping, nonce: nonce) })
        else { throw .badRecipient(description) }
        let body = Array(box.ciphertext) + Array(box.tag)
        return Stanza(type: X25519Wrapping.type, arguments: [Base64.encode(share.rawRepresentation)], body: body)
    }
}

/// A private key as `age-keygen` prints it: `AGE-SECRET-KEY-1…`.
package struct X25519Identity: Identity, CustomStringConvertible, CustomReflectable {
    private let privateKey: Curve25519.KeyAgreement.PrivateKey

    package init?(secretText: String) {
        guard secretText == secretText.uppercased(), let bytes = Bech32.decode(secretText, prefix: Self.prefix),
            let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes)
        else { return nil }
        privateKey = key
    }

    private init(_ key: Curve25519.KeyAgreement.PrivateKey) { privateKey = key }

    package static func random() -> Self { Self(Curve25519.KeyAgreement.PrivateKey()) }

    package var recipient: X25519Recipient { X25519Recipient(privateKey.publicKey) }
    /// The private key itself.
    package var secretText: String {
        Bech32.encode(Array(privateKey.rawRepresentation), prefix: Self.prefix).uppercased()
    }
    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static let prefix = "age-secret-key-"

    package func unwrap(_ stanza: Stanza) -> DataKey? {
        guard X25519Wrapping.canRead(stanza), let shareBytes = Base64.decode(stanza.arguments[0]),
            let share = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: shareBytes),
            let secret = try? privateKey.sharedSecretFromKeyAgreement(with: share),
            let wrapping = X25519Wrapping.key(secret: secret, share: share, recipient: privateKey.publicKey),
            let box = try? ChaChaPoly.SealedBox(combined: X25519Wrapping.nonce + stanza.body),
            let bytes = try? ChaChaPoly.open(box, using: wrapping)
        else { return nil }
        return DataKey(bytes)
    }
}

/// The derivation of age's X25519 recipient type (C2SP age.md, "The X25519 recipient type").
///
/// It differs in one point: what it wraps is a key of 32 bytes, so that no age file can be taken for a backup's header.
enum X25519Wrapping {
    static let type = "X25519"
    /// Every wrapping key is used once, so a nonce of zeros repeats never.
    static let nonce = [UInt8](repeating: 0, count: 12)

    /// Whether it has this type's form: one share of 32 bytes, and a wrapped key with its tag.
    static func canRead(_ stanza: Stanza) -> Bool {
        stanza.type == type && stanza.arguments.count == 1 && stanza.body.count == DataKey.byteCount + 16
            && Base64.decode(stanza.arguments[0])?.count == 32
    }

    /// nil for a shared secret of zeros, which a share of small order forces (RFC 7748 §6.1).
    static func key(
        secret: SharedSecret, share: Curve25519.KeyAgreement.PublicKey, recipient: Curve25519.KeyAgreement.PublicKey
    ) -> SymmetricKey? {
        guard secret.withUnsafeBytes({ $0.reduce(0, |) }) != 0 else { return nil }
        return secret.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: share.rawRepresentation + recipient.rawRepresentation,
            sharedInfo: Array("age-encryption.org/v1/X25519".utf8), outputByteCount: 32)
    }
}
