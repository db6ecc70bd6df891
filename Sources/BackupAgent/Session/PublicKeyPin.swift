internal import Crypto
internal import FoundationEssentials
internal import NIOSSL

/// The SHA-256 of a certificate's public key (SubjectPublicKeyInfo, as in RFC 7469): `sha256/BASE64`.
///
/// It survives a renewal of the certificate that keeps the key.
package struct PublicKeyPin: Sendable, Hashable, CustomStringConvertible {
    private let digest: [UInt8]

    package init(_ text: String) throws(SessionError) {
        guard text.hasPrefix("sha256/"), let data = Data(base64Encoded: String(text.dropFirst(7))), data.count == 32
        else { throw .invalidPin(text) }
        digest = Array(data)
    }

    init(of certificate: NIOSSLCertificate) throws {
        digest = Array(SHA256.hash(data: try certificate.extractPublicKey().toSPKIBytes()))
    }

    package var description: String { "sha256/" + Data(digest).base64EncodedString() }
}
