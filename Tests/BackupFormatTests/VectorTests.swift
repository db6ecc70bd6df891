import BackupCore
import BackupFormat
import BackupTestSupport
import Crypto
import Foundation
import Testing

/// The files that an independent program made, and what it expects of each (Vectors/make_vectors.py).
@Suite struct VectorTests {
    private struct Vector: Decodable {
        struct Seal: Decodable {
            struct Wrapped: Decodable {
                let recipient: String
                let ephemeral_hex: String
            }
            let identity: [String: String]
            let dek_hex: String
            let salt_hex: String
            let recipients: [Wrapped]
        }

        let name: String
        let expect: String
        let file_base64: String?
        let file_sha256: String?
        let identity: String?
        let key_hex: String?
        let sha256: String?
        let nonces_hex: [String]?
        let plaintext_size: Int?
        let plaintext_sha256: String?
        let seal: Seal?
        let token: String?
        let now: Double?
        let run_id: String?

        var file: [UInt8]? { file_base64.flatMap { Data(base64Encoded: $0) }.map { Array($0) } }
        /// The plaintext of every vector: a formula, so that it needs no space.
        var plaintext: [UInt8] { (0..<(plaintext_size ?? 0)).map { UInt8((7 * $0 + ($0 >> 8)) % 251) } }
    }

    private static func vectors(_ file: String) throws -> [Vector] {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/\(file)")
        return try JSONDecoder().decode([Vector].self, from: Data(contentsOf: url))
    }

    private func outcome(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "ok"
        } catch {
            return (error as? FormatError)?.code ?? "\(error)"
        }
    }

    private func key(_ hex: String?) throws -> DataKey {
        let bytes = try #require([UInt8](hex: hex ?? ""))
        return try #require(DataKey(bytes))
    }

    @Test func v2() throws {
        let vectors = try Self.vectors("v2.json")
        #expect(vectors.count > 90)
        for vector in vectors {
            let file = try #require(vector.file)
            let opener =
                try vector.identity.map { V2Opener(identities: [try #require(X25519Identity(secretText: $0))]) }
                ?? V2Opener(key: key(vector.key_hex))
            for piece in [1 << 20, 1000] {
                let found = outcome {
                    let plaintext = try transformed(file, by: opener, piece: piece)
                    #expect(plaintext == vector.plaintext, "\(vector.name)")
                }
                #expect(found == vector.expect, "\(vector.name)")
            }
            if let seal = vector.seal { try check(seal, gives: file, vector) }
        }
    }

    /// The same key, salt and ephemeral keys must give the same file to the byte.
    private func check(_ seal: Vector.Seal, gives file: [UInt8], _ vector: Vector) throws {
        let values = seal.identity
        let identity = try BackupIdentity(
            run: #require(values["run"]), job: values["job"], engine: #require(values["engine"]),
            engineVersion: #require(values["engine_version"]),
            compression: #require(Compression(rawValue: values["compression"] ?? "")),
            created: #require(UTCTime(rfc3339: values["created"] ?? "")))
        let key = try key(seal.dek_hex)
        let stanzas = try seal.recipients.map { wrapped in
            let ephemeral = try Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: #require([UInt8](hex: wrapped.ephemeral_hex)))
            return try X25519Recipient(wrapped.recipient).wrap(key, ephemeral: ephemeral)
        }
        let header = try V2Header(identity: identity, key: key, stanzas: stanzas)
        let sealed = try transformed(
            vector.plaintext, by: V2Sealer(header: header, key: key, salt: #require([UInt8](hex: seal.salt_hex))))
        #expect(sealed == file, "\(vector.name)")
    }

    @Test func v1() throws {
        let vectors = try Self.vectors("v1.json")
        #expect(vectors.count > 30)
        for vector in vectors {
            var file = vector.file
            if let hexes = vector.nonces_hex {
                var nonces = try hexes.map { try #require([UInt8](hex: $0)) }[...]
                let sealed = try transformed(
                    vector.plaintext, by: V1Sealer(key: key(vector.key_hex)) { nonces.popFirst() ?? [] })
                if let file { #expect(sealed == file, "\(vector.name)") }
                if let hash = vector.file_sha256 { #expect(StreamHash.of(sealed) == hash, "\(vector.name)") }
                file = sealed
            }
            let bytes = try #require(file)
            let found = outcome {
                let plaintext = try transformed(bytes, by: V1Opener(key: key(vector.key_hex)))
                if let hash = vector.sha256, StreamHash.of(bytes) != hash { throw FormatError.hashMismatch }
                if vector.expect == "ok", vector.sha256 != nil {
                    #expect(plaintext == vector.plaintext, "\(vector.name)")
                }
            }
            #expect(found == vector.expect, "\(vector.name)")
        }
    }

    @Test func tokens() throws {
        for vector in try Self.vectors("tokens.json") {
            let found = outcome {
                let token = try DecryptionToken(vector.token ?? "", now: Date(timeIntervalSince1970: vector.now ?? 0))
                #expect(token.runID == vector.run_id && token.sha256 ?? "" == vector.sha256 ?? "", "\(vector.name)")
            }
            #expect(found == vector.expect, "\(vector.name)")
        }
    }

    /// The program that made them still makes them.
    @Test func theVectorsAreThoseOfTheProgram() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/make_vectors.py")
            .path
        let outcome = try TestProcess.run(
            try TestTools.path("python"), [script, "--check"], environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
