import BackupCore
import BackupTestSupport
import Synchronization
import Testing

@testable import BackupDrivers

@Suite struct ServerArchiveTests {
    private func read(_ archive: [UInt8]) throws -> [UInt8] {
        let sink = MemorySink()
        let selection = ServerArchiveSelection(of: "app", into: sink)
        try archive.withUnsafeBytes { try selection.write($0) }
        try selection.finish()
        return sink.bytes.withLock { $0 }
    }

    private func summed(_ header: ArraySlice<UInt8>) -> [UInt8] {
        var header = Array(header)
        header.replaceSubrange(148..<156, with: Array("        ".utf8))
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        header.replaceSubrange(
            148..<156, with: Array((String(repeating: "0", count: 6 - sum.count) + sum + "\0 ").utf8))
        return header
    }

    /// Whatever a byte becomes, also where the checksum is made to fit: the same contents, or a clear error.
    @Test func aDamagedHeaderIsSaid() throws {
        let contents = Array("what the database holds".utf8)
        let archive = try PostgreSQLVersionTests.archive(["app": contents])
        #expect(try read(archive) == contents)
        // The headers: of the list, of the roles, and of the database.
        let headers = stride(from: 0, to: archive.count, by: 512).filter {
            archive[$0..<$0 + 512].dropFirst(257).starts(with: Array("ustar".utf8))
        }
        #expect(headers.count == 3)
        var refused = 0
        for header in headers {
            for offset in 0..<512 {
                for value in [0, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "7"), UInt8(ascii: "8"), 0xFF] {
                    for fits in [false, true] {
                        var damaged = archive
                        damaged[header + offset] = value
                        let range = header..<header + 512
                        if fits { damaged.replaceSubrange(range, with: summed(damaged[range])) }
                        do { _ = try read(damaged) } catch let error as DriverError {
                            #expect(["driver.damaged_archive", "driver.not_in_backup"].contains(error.code))
                            refused += 1
                        }
                    }
                }
            }
        }
        #expect(refused > 1000)
    }

    @Test(arguments: ["-0000000001", "+0000000001", "77777777777", "0000000000 ", "-7777777777", "0o000000001", ""])
    func aSizeIsOctalDigits(_ size: String) throws {
        var header = ServerArchive.header("0001-app.dump.000000", size: 1)
        header.replaceSubrange(124..<135, with: Array(size.utf8) + Array(repeating: 0, count: 11 - size.utf8.count))
        let error = #expect(throws: DriverError.self) { _ = try ServerArchive.parse(summed(header[...])) }
        #expect(error == .damagedArchive("a member's header is none"))
    }
}
