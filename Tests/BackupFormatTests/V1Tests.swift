import BackupCore
import BackupFormat
import BackupTestSupport
import Testing

@Suite struct V1Tests {
    let key = DataKey.random()

    private func sealed(_ bytes: [UInt8]) throws -> [UInt8] { try transformed(bytes, by: V1Sealer(key: key)) }
    private func opened(_ bytes: [UInt8], piece: Int = 1 << 20) throws -> [UInt8] {
        try transformed(bytes, by: V1Opener(key: key), piece: piece)
    }

    @Test(arguments: [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (2 << 20) + 5])
    func roundTrip(_ size: Int) throws {
        let bytes = StoreBytes.noise(size)
        let file = try sealed(bytes)
        let frames = (size + (1 << 20) - 1) >> 20
        #expect(file.count == size + frames * (4 + 12 + 16) + 4)
        #expect(file.suffix(4) == [0, 0, 0, 0])
        for piece in [1 << 20, 60_001] { #expect(try opened(file, piece: piece) == bytes) }
    }

    @Test func eachRefusalIsItsOwn() throws {
        let file = try sealed([1, 2, 3])
        #expect(throws: FormatError.truncated) { try opened(Array(file.dropLast(4))) }
        #expect(throws: FormatError.truncated) { try opened([]) }
        #expect(throws: FormatError.trailingBytes) { try opened(file + [0]) }
        #expect(throws: FormatError.frameTooShort(27)) { try opened([0, 0, 0, 27]) }
        let tooLong = UInt32(12 + (1 << 20) + 16 + 1)
        #expect(throws: FormatError.frameTooLong(tooLong)) { try opened([0, 0x10, 0, 0x1D]) }
        #expect(throws: FormatError.frameTooLong(.max)) { try opened([255, 255, 255, 255]) }
        #expect(throws: FormatError.frameNotAuthentic(0)) { try transformed(file, by: V1Opener(key: .random())) }
    }

    @Test func everyFlippedBitAndEveryCutIsCaught() throws {
        let file = try sealed(StoreBytes.noise(50))
        for bit in 0..<file.count * 8 {
            var changed = file
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: FormatError.self, "bit \(bit)") { try opened(changed) }
        }
        for length in 0..<file.count { #expect(throws: FormatError.self) { try opened(Array(file[..<length])) } }
    }

    /// What the frames can't show, and the SHA-256 of the stored bytes does.
    @Test func theBlindSpotsAreCaughtByTheHash() throws {
        let file = try sealed(StoreBytes.noise((2 << 20) + 100))
        let size = 4 + 12 + (1 << 20) + 16
        let frames = [Array(file[..<size]), Array(file[size..<2 * size]), Array(file[(2 * size)..<(file.count - 4)])]
        let end: [UInt8] = [0, 0, 0, 0]
        let original = StreamHash.of(file)
        for order in [[1, 0, 2], [0, 2], [0, 0, 1, 2], [0, 1], []] {
            let changed = order.flatMap { frames[$0] } + end
            #expect(throws: Never.self, "v1 can't see order \(order)") { try opened(changed) }
            #expect(StreamHash.of(changed) != original)
        }
    }
}
