import BackupCore
import Foundation
import Testing

@testable import BackupState

@Suite struct SealTests {
    private struct Vector: Decodable {
        let agent_key: String
        let bucket: String
        let key: String
        let value: String
        let sealed_hex: String
    }

    @Test func whatAnotherProgramSealedOpens() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/vector.json")
        let vector = try JSONDecoder().decode(Vector.self, from: Data(contentsOf: url))
        let hex = Array(vector.sealed_hex.utf8)
        let sealed = stride(from: 0, to: hex.count, by: 2).compactMap {
            UInt8(String(decoding: hex[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        let seal = StateSeal(agentKey: Secret(vector.agent_key))
        #expect(seal.open(sealed, bucket: vector.bucket, key: vector.key) == Array(vector.value.utf8))
    }

    @Test func aValueOpensOnlyInItsPlaceAndAsItWas() throws {
        let seal = StateSeal(agentKey: agentKey)
        let sealed = try #require(seal.seal([1, 2, 3], bucket: "queue", key: "a"))
        #expect(sealed.count == 3 + StateSeal.overhead && sealed[0] == 1)
        #expect(seal.open(sealed, bucket: "queue", key: "a") == [1, 2, 3])
        #expect(seal.open(sealed, bucket: "queue", key: "b") == nil)
        #expect(seal.open(sealed, bucket: "config", key: "a") == nil)
        #expect(seal.open(sealed, bucket: "queu", key: "ea") == nil)
        #expect(StateSeal(agentKey: otherKey).open(sealed, bucket: "queue", key: "a") == nil)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(seal.open(changed, bucket: "queue", key: "a") == nil, "byte \(index)")
            #expect(seal.open(Array(sealed[..<index]), bucket: "queue", key: "a") == nil, "cut at \(index)")
        }
        #expect(seal.seal([1, 2, 3], bucket: "queue", key: "a") != sealed, "no nonce is used twice")
    }
}
