import BackupCore
import BackupFormat
import BackupTestSupport
import Foundation
import Testing

@Suite struct CompressionTests {
    static let text = Array(String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 60_000).utf8)

    @Test(arguments: Compression.allCases, [0, 1, 1000, 2_700_000])
    func roundTrip(_ compression: Compression, _ size: Int) throws {
        let bytes = Array(Self.text.prefix(size))
        let packed = try transformed(bytes, by: compression.makeCompressor())
        #expect(try transformed(packed, by: compression.makeDecompressor(), piece: 4099) == bytes)
        #expect(try transformed(packed, by: DetectingDecompressor(), piece: 1) == bytes || size > 10_000)
    }

    @Test(arguments: [(Compression.zstd, "/usr/bin/zstd"), (.gzip, "/bin/gzip")])
    func theirToolsReadOursAndWeReadTheirs(_ compression: Compression, _ tool: String) throws {
        let folder = try TemporaryFolder()
        let packed = try transformed(Self.text, by: compression.makeCompressor())
        try Data(packed).write(to: URL(filePath: folder("a" + compression.fileSuffix)))
        #expect(try TestProcess.run(tool, ["-dq", folder("a" + compression.fileSuffix)]).status == 0)
        #expect(FileManager.default.contents(atPath: folder("a")) == Data(Self.text))
        try Data(Self.text).write(to: URL(filePath: folder("b")))
        #expect(try TestProcess.run(tool, ["-q", folder("b")]).status == 0)
        let theirs = Array(try #require(FileManager.default.contents(atPath: folder("b" + compression.fileSuffix))))
        #expect(try transformed(theirs, by: compression.makeDecompressor()) == Self.text)
        // Two streams behind each other are one, as for the tools.
        #expect(try transformed(theirs + theirs, by: compression.makeDecompressor()) == Self.text + Self.text)
    }

    @Test(arguments: [Compression.zstd, .gzip])
    func cutsAndDamageAreCaught(_ compression: Compression) throws {
        let packed = try transformed(StoreBytes.noise(3000), by: compression.makeCompressor())
        for length in 1..<packed.count {
            #expect(throws: FormatError.self, "\(length) bytes") {
                try transformed(Array(packed[..<length]), by: compression.makeDecompressor())
            }
        }
        #expect(throws: FormatError.self) { try transformed(packed + [1, 2, 3], by: compression.makeDecompressor()) }
        #expect(throws: FormatError.self) { try transformed(StoreBytes.noise(100), by: compression.makeDecompressor()) }
    }

    @Test func levelsThatAreNone() {
        for level in [0, 23, -1_000_000] {
            #expect(throws: FormatError.self) { try Compression.zstd.makeCompressor(level: level) }
        }
        for level in [0, 10] { #expect(throws: FormatError.self) { try Compression.gzip.makeCompressor(level: level) } }
    }
}
