import BackupCore
import BackupFormat
import BackupTestSupport
import Testing

@Suite struct V2Tests {
    static let edges = [
        0, 1, 100, 16383, 16384, 16385, 32767, 32768, 32769, 100_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1,
    ]

    @Test(arguments: edges)
    func roundTrip(_ size: Int) throws {
        let example = try SealedExample(size)
        for piece in [1 << 20, 16400, 4099] where size < 200_000 || piece > 10_000 {
            #expect(try example.opened(example.file, piece: piece) == example.plaintext)
        }
        #expect(try transformed(example.file, by: V2Opener(key: example.key)) == example.plaintext)
    }

    @Test func theFirstLinesSayWhatItIs() throws {
        let text = String(decoding: try SealedExample(10).file.prefix(160), as: UTF8.self)
        #expect(
            text.hasPrefix(
                "backupy/2\nrun: 20260131-235959-k3v9qz\nengine: postgresql\nengine_version: PostgreSQL 16.2\n"))
        #expect(text.contains("\n-> X25519 "))
    }

    @Test func everyFlippedBitIsCaught() throws {
        let example = try SealedExample(40)
        #expect(example.file.count < 800)
        for bit in 0..<example.file.count * 8 {
            var file = example.file
            file[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: FormatError.self, "bit \(bit)") { try example.opened(file) }
        }
    }

    @Test func aFlippedBitInAnyChunkIsCaught() throws {
        let example = try SealedExample(3 * SealedExample.chunk + 50)
        for byte in stride(from: example.header.bytes.count, to: example.file.count, by: 97) {
            var file = example.file
            file[byte] ^= 1 << UInt8(byte % 8)
            #expect(throws: FormatError.self, "byte \(byte)") { try transformed(file, by: V2Opener(key: example.key)) }
        }
    }

    @Test func everyCutIsCaught() throws {
        let small = try SealedExample(40)
        for length in 0..<small.file.count {
            #expect(throws: FormatError.self, "\(length) bytes") { try small.opened(Array(small.file[..<length])) }
        }
        // Where a cut looks most like an end: at the border of a chunk, and around it.
        for size in [SealedExample.chunk * 3, SealedExample.chunk * 3 + 50] {
            let large = try SealedExample(size)
            for border in stride(from: large.payload, through: large.file.count, by: SealedExample.sealedChunk) {
                for length in border - 17...border + 17 where length < large.file.count {
                    #expect(throws: FormatError.self, "\(length) bytes of \(large.file.count)") {
                        try transformed(Array(large.file[..<length]), by: V2Opener(key: large.key))
                    }
                }
            }
        }
    }

    @Test func everyOtherOrderOfChunksIsCaught() throws {
        let example = try SealedExample(SealedExample.chunk * 4 + 9)
        let chunks = example.chunks
        #expect(chunks.count == 5)
        func expectRefused(_ order: [Int]) {
            let file = example.file(with: order.map { chunks[$0] })
            #expect(throws: FormatError.self, "\(order)") { try transformed(file, by: V2Opener(key: example.key)) }
        }
        for a in 0..<5 {
            expectRefused([0, 1, 2, 3, 4].filter { $0 != a })
            expectRefused([0, 1, 2, 3, 4] + [a])
            for b in 0..<5 where a != b {
                var order = [0, 1, 2, 3, 4]
                order.swapAt(a, b)
                expectRefused(order)
                expectRefused([0, 1, 2, 3, 4].flatMap { $0 == a ? [a, b] : [$0] })
            }
        }
        #expect(try transformed(example.file(with: chunks), by: V2Opener(key: example.key)) == example.plaintext)
    }

    @Test func aSpliceFromAnotherBackupOfTheSameKeyIsCaught() throws {
        let key = DataKey.random()
        let one = try SealedExample(40_000, key: key)
        let other = try SealedExample(40_000, run: "20260201-000000-abcdef", key: key)
        var chunks = one.chunks
        chunks[1] = other.chunks[1]
        let spliced = [
            one.file(with: chunks), Array(one.header.bytes) + other.file[other.header.bytes.count...],
            Array(one.file[..<one.payload]) + other.file[other.payload...],
        ]
        for file in spliced { #expect(throws: FormatError.self) { try transformed(file, by: V2Opener(key: key)) } }
    }

    @Test func bytesBehindTheEndAreCaught() throws {
        for size in [0, 40, SealedExample.chunk - 1, SealedExample.chunk] {
            let example = try SealedExample(size)
            for extra in [[0], [UInt8](repeating: 0, count: 16), StoreBytes.noise(20_000)] {
                #expect(throws: FormatError.self) {
                    try transformed(example.file + extra, by: V2Opener(key: example.key))
                }
            }
        }
    }

    @Test func anotherKeyOrIdentityOpensNothing() throws {
        let example = try SealedExample(1000)
        #expect(throws: FormatError.noIdentityMatches(1)) {
            try transformed(example.file, by: V2Opener(identities: [X25519Identity.random()]))
        }
        #expect(throws: FormatError.headerNotAuthentic) { try transformed(example.file, by: V2Opener(key: .random())) }
    }

    @Test func everyRecipientOpensIt() throws {
        let identities = (0..<3).map { _ in X25519Identity.random() }
        let key = DataKey.random()
        let header = try V2Header(
            identity: try SealedExample(1).header.identity, key: key, recipients: identities.map(\.recipient))
        let file = try transformed([1, 2, 3], by: V2Sealer(header: header, key: key))
        for identity in identities {
            #expect(try transformed(file, by: V2Opener(identities: [X25519Identity.random(), identity])) == [1, 2, 3])
        }
        #expect(throws: FormatError.noRecipient) { try V2Header(identity: header.identity, key: key, recipients: []) }
    }

    @Test(arguments: [
        "", "backupy/3\n", "age-encryption.org/v1\n", "backupy/2\n", "backupy/2\n---\n",
        "backupy/2\nrun: a\nrun: a\n--- AAAA\n",
        "backupy/2\nrun a\n--- AAAA\n", "backupy/2\n-> \n\n--- AAAA\n",
        "backupy/2\n" + String(repeating: "a: b\n", count: 20_000),
        String(repeating: "x", count: 100_000),
    ])
    func headersThatAreNone(_ text: String) {
        #expect(throws: FormatError.self) {
            try transformed(Array(text.utf8), by: V2Opener(identities: [X25519Identity.random()]))
        }
    }
}
