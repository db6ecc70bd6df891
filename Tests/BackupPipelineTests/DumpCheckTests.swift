import BackupCore
import BackupTestSupport
import Foundation
import Testing

@testable import BackupPipeline

/// How the dumps of each engine begin and end.
@Suite struct DumpCheckTests {
    private static let tar: [UInt8] =
        Array(repeating: 0x61, count: 257) + Array("ustar".utf8) + Array(repeating: 0, count: 250 + 1024)
    private static let sqlite: [UInt8] =
        Array("SQLite format 3\0".utf8) + [0x10, 0] + Array(repeating: 1, count: 2 * 4096 - 18)
    private static let mysql = Array("-- MariaDB dump 10.19\nINSERT …;\n-- Dump completed on 2026-01-31\n".utf8)
    private static let mongo: [UInt8] = [0x6D, 0xE2, 0x99, 0x81, 5, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    private static let redis = Array("REDIS0010".utf8) + [0xFF, 1, 2, 3, 4, 5, 6, 7, 8]

    static let whole: [(DatabaseEngine, DatabaseScope, [UInt8])] = [
        (.postgresql, .database, Array("PGDMP".utf8)), (.postgresql, .server, tar), (.mysql, .database, mysql),
        (.mariadb, .server, Array("ALTER DATABASE CHARACTER SET latin1;\n".utf8) + mysql),
        (.mongodb, .database, mongo), (.redis, .server, redis), (.sqlite, .database, sqlite),
    ]

    private static func problem(
        _ engine: DatabaseEngine, _ scope: DatabaseScope, _ bytes: [UInt8], pieces: Int
    ) -> String? {
        var check = DumpCheck(engine: engine, scope: scope)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            bytes[start..<min(start + pieces, bytes.count)].withUnsafeBytes { check.update($0) }
        }
        return check.problem
    }

    @Test func aWholeDumpIsWhole() {
        for (engine, scope, bytes) in Self.whole {
            for pieces in [1, 7, 600, 1 << 20] {
                #expect(Self.problem(engine, scope, bytes, pieces: pieces) == nil, "\(engine) \(scope) \(pieces)")
            }
        }
    }

    @Test func anotherKindOfDumpIsNone() {
        for (engine, scope, _) in Self.whole {
            for (other, otherScope, bytes) in Self.whole
            where !engine.isSibling(of: other) || scope != otherScope && engine == .postgresql {
                #expect(Self.problem(engine, scope, bytes, pieces: 100) != nil, "\(engine) from \(other)")
            }
            #expect(Self.problem(engine, scope, [], pieces: 1) != nil)
        }
    }

    @Test func aDumpThatWasCutHasNoEnd() {
        for (engine, scope, bytes) in Self.whole where !(engine == .postgresql && scope == .database) {
            let cut = Array(bytes.dropLast(engine == .postgresql ? 1024 : 5))
            #expect(Self.problem(engine, scope, cut, pieces: 1 << 20) != nil, "\(engine)")
        }
    }
}
