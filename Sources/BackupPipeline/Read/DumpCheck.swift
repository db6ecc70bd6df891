internal import BackupCore

/// Sees a dump pass, and knows how dumps of its kind begin, and how they end where they have an end.
///
/// The hash proves that the bytes are those that were written; this shows that what was written was a whole dump. Each
/// driver looks closer, while it dumps and when it restores. Memory: ``edge`` bytes of each end.
struct DumpCheck {
    /// A tar header with its magic fits.
    static let edge = 512

    private let engine: DatabaseEngine
    private let scope: DatabaseScope
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var size: UInt64 = 0

    init(engine: DatabaseEngine, scope: DatabaseScope) {
        self.engine = engine
        self.scope = scope
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        size += UInt64(bytes.count)
        head += bytes.prefix(Self.edge - head.count)
        tail = Array((tail + bytes.suffix(Self.edge)).suffix(Self.edge))
    }

    /// What is wrong with the dump, once all of it has passed; nil when nothing is.
    var problem: String? {
        guard isBeginning else { return "it doesn't begin as a dump of \(engine.rawValue) does" }
        guard isEnd else { return "it doesn't end as a dump of \(engine.rawValue) does" }
        return nil
    }

    private var isBeginning: Bool {
        switch engine {
        case .postgresql: scope == .server ? head.dropFirst(257).starts(with: Self.tar) : starts(["PGDMP"])
        // Before the tool's own first line may stand a statement of ours, with the database's character set.
        case .mysql, .mariadb:
            starts(["-- MariaDB dump", "-- MySQL dump", "/*M!999999\\- ", "/*!999999\\- ", "ALTER DATABASE "])
        case .mongodb: head.starts(with: [0x6D, 0xE2, 0x99, 0x81])
        case .redis: starts(["REDIS", "VALKEY"])
        case .sqlite: starts(["SQLite format 3\0"])
        }
    }

    private var isEnd: Bool {
        switch engine {
        // Two empty blocks end a tar archive. pg_dump's own form has no mark at its end.
        case .postgresql: scope == .database || (tail.count == Self.edge && tail.allSatisfy { $0 == 0 })
        case .mysql, .mariadb:
            tail.last == 0x0A && (tail.split(separator: 0x0A).last ?? []).starts(with: "-- Dump completed".utf8)
        // Each collection has an end and a checksum of its own, which the driver reads; the last block ends so.
        case .mongodb: tail.suffix(4) == [0xFF, 0xFF, 0xFF, 0xFF]
        // The opcode EOF, and a CRC-64 of 8 bytes.
        case .redis: tail.count >= 9 && tail[tail.count - 9] == 0xFF
        case .sqlite: isWholePages
        }
    }

    /// Source: SQLite's "Database File Format", the page size at offset 16; 1 stands for 65,536.
    private var isWholePages: Bool {
        guard head.count >= 100 else { return false }
        let written = UInt64(head[16]) << 8 | UInt64(head[17])
        let page = written == 1 ? 65_536 : written
        return page > 0 && size % page == 0
    }

    private static let tar = Array("ustar".utf8)

    private func starts(_ beginnings: [String]) -> Bool { beginnings.contains { head.starts(with: $0.utf8) } }
}
