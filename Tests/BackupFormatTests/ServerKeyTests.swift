import BackupCore
import BackupFormat
import Foundation
import Testing

/// Keys as a control plane wraps them for the headers of its runs.
@Suite struct ServerKeyTests {
    private struct Vector: Decodable {
        struct Written: Decodable {
            let type: String
            let arguments: [String]
            let body_hex: String
        }
        let name: String
        let key_id: String
        let master_hex: String
        let run: String
        let stanza: Written
        let dek_hex: String?
    }

    private func key(_ hex: String) throws -> DataKey {
        let bytes = try #require([UInt8](hex: hex))
        return try #require(DataKey(bytes))
    }

    @Test func theVectorsOfAnotherProgram() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/server.json")
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(contentsOf: url))
        #expect(vectors.count >= 10)
        for vector in vectors {
            let server = ServerKey(keyID: vector.key_id, masterKey: try key(vector.master_hex), runID: vector.run)
            let body = try #require([UInt8](hex: vector.stanza.body_hex))
            let stanza = Stanza(type: vector.stanza.type, arguments: vector.stanza.arguments, body: body)
            let opened = server.unwrap(stanza).map { key in key.withBytes { Array($0).lowerCaseHex } }
            #expect(opened == vector.dek_hex, "\(vector.name)")
            // Key wrap is deterministic: what opens is what would be written.
            if let hex = vector.dek_hex { #expect(try server.wrap(try key(hex)) == stanza, "\(vector.name)") }
        }
    }

    @Test func aHeaderWithAKeyOfTheServer() throws {
        let (key, master) = (DataKey.random(), DataKey.random())
        let server = ServerKey(keyID: "master-1", masterKey: master, runID: "run-1")
        let identity = BackupIdentity(
            run: "run-1", job: "job", engine: "postgresql", engineVersion: "PostgreSQL 16.2", compression: .zstd,
            created: UTCTime(Date(timeIntervalSince1970: 0)))
        let header = try V2Header(identity: identity, key: key, stanzas: [try server.wrap(key)])
        let read = try V2Header.parse(prefix: header.bytes)
        let opened = try read.open(with: [X25519Identity.random(), server])
        #expect(opened.withBytes { Array($0) } == key.withBytes { Array($0) })
        #expect(throws: FormatError.noIdentityMatches(1)) {
            try read.open(with: [ServerKey(keyID: "master-1", masterKey: master, runID: "run-2")])
        }
        #expect("\(server)" == "server master-1")
        for id in ["", "two words", "ключ", "line\nbreak"] {
            #expect(throws: FormatError.self, "\(id)") { try ServerKey.stanza(keyID: id, wrapped: [1]) }
        }
        #expect(throws: FormatError.self) { try ServerKey.stanza(keyID: "id", wrapped: []) }
    }
}
