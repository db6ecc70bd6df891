internal import BackupCore
internal import Synchronization

/// mongodump's archive as it passes, proven: every collection that it announces comes to its end, with the checksum that it says.
///
/// Form: a magic number; a prelude of BSON documents, one for the archive and one for each collection; then blocks of a header
/// document and documents of one collection, each ended by 0xffffffff. A collection's last block has a header with `EOF` and the
/// CRC-64/ECMA of its documents. Source: mongo-tools, common/archive.
///
/// Memory: one document of the prelude or one header, at most 16 MiB + 16 KiB, and a counter for each collection.
final class MongoArchive: ByteSource {
    private static let magic: [UInt8] = [0x6d, 0xe2, 0x99, 0x81]
    private static let terminator: UInt32 = 0xffff_ffff
    private static let bucketsPrefix = "system.buckets."
    /// MongoDB's limit of a document, and what the server may add to it.
    private static let longestDocument = 16 << 20 + 16 << 10

    struct Collection: Hashable, Sendable {
        let database: String
        let name: String

        // By bytes, as the server does: to `String` one name in two forms of Unicode is the same.
        static func == (a: Self, b: Self) -> Bool { a.database.equalsBytes(b.database) && a.name.equalsBytes(b.name) }

        func hash(into hasher: inout Hasher) {
            for text in [database, name] { hasher.combine(Array(text.utf8)) }
        }
    }

    private enum Place {
        case magic
        case prelude
        case header
        case documents(Collection, isLast: Bool)
    }

    private struct State {
        var place = Place.magic
        /// The beginning of what is being read: a length, or a document that has to be looked at.
        var pending: [UInt8] = []
        /// How many bytes of a document of a collection are still to come.
        var rest = 0
        var documentsSeen = 0
        /// Those that are announced and not at their end.
        var open: Set<Collection> = []
        /// Those whose documents are not counted: views have none, and those of a time series are in buckets.
        var uncounted: Set<Collection> = []
        var counts: [Collection: UInt64] = [:]
        var sums: [Collection: ECMA64] = [:]
    }

    private let source: any ByteSource
    private let name: String
    private let state = Mutex(State())

    init(_ source: any ByteSource, tool: String) {
        self.source = source
        name = tool
    }

    func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try source.read(into: space)
        try state.withLock { state in
            if count == 0 { return try end(state) }
            try take(UnsafeRawBufferPointer(rebasing: space[..<count]), &state)
        }
        return count
    }

    func cancel() { source.cancel() }

    /// How many documents of each collection have passed; views, time series and the server's own collections left out.
    func databases() -> [Fingerprint.Database] {
        state.withLock { state in
            let own = state.counts.filter { collection, _ in
                !state.uncounted.contains(collection) && !collection.name.hasPrefix("system.")
                    && !["admin", "config", "local", ""].contains(collection.database)
            }
            return Dictionary(grouping: own) { Array($0.key.database.utf8) }.map { name, collections in
                Fingerprint.Database(
                    name: String(decoding: name, as: UTF8.self), schemaDigest: nil,
                    tables: collections.map { .init(name: $0.key.name, rows: $0.value) })
            }
        }
    }

    private func damaged(_ what: String) -> DriverError { .damagedArchive("\(name) wrote an archive in which \(what)") }

    private func end(_ state: State) throws {
        guard case .header = state.place, state.pending.isEmpty, state.open.isEmpty else {
            throw DriverError.incompleteDump(name)
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer, _ state: inout State) throws {
        var index = 0
        while index < bytes.count {
            if state.rest > 0, case .documents(let collection, _) = state.place {
                let end = min(index + state.rest, bytes.count)
                state.sums[collection, default: ECMA64()].update(UnsafeRawBufferPointer(rebasing: bytes[index..<end]))
                state.rest -= end - index
                index = end
                continue
            }
            let wanted = try self.wanted(state)
            let end = min(index + wanted - state.pending.count, bytes.count)
            state.pending += bytes[index..<end]
            index = end
            if state.pending.count == wanted { try step(&state) }
        }
    }

    /// How long `pending` has to become before it says more: a length, or a whole document.
    private func wanted(_ state: State) throws -> Int {
        guard state.pending.count >= 4 else { return 4 }
        return try length(state.pending)
    }

    private func length(_ bytes: [UInt8]) throws -> Int {
        let value = bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard value >= 5, value <= UInt32(Self.longestDocument) else { throw damaged("a document has \(value) bytes") }
        return Int(value)
    }

    private func step(_ state: inout State) throws {
        let isTerminator = state.pending == [0xff, 0xff, 0xff, 0xff]
        switch state.place {
        case .magic:
            guard state.pending == Self.magic else { throw DriverError.unexpectedDump(name) }
            (state.place, state.pending) = (.prelude, [])
        case .prelude where isTerminator: (state.place, state.pending) = (.header, [])
        case .prelude where state.pending.count == 4: _ = try length(state.pending)
        case .prelude:
            try announce(state.pending, &state)
            state.pending = []
        case .header where state.pending.count == 4: _ = try length(state.pending)
        case .header:
            try beginBlock(state.pending, &state)
            state.pending = []
        case .documents where isTerminator: (state.place, state.pending) = (.header, [])
        case .documents(let collection, let isLast):
            guard !isLast else { throw damaged("\(collection.name) goes on behind its end") }
            let length = try length(state.pending)
            state.counts[collection, default: 0] += 1
            state.pending.withUnsafeBytes { state.sums[collection, default: ECMA64()].update($0) }
            (state.rest, state.pending) = (length - 4, [])
        }
    }

    private func announce(_ document: [UInt8], _ state: inout State) throws {
        state.documentsSeen += 1
        // The first one describes the archive.
        guard state.documentsSeen > 1 else { return }
        guard let fields = FlatBSON(document), let database = fields.strings["db"],
            let name = fields.strings["collection"]
        else {
            throw damaged("a collection has no name")
        }
        let collection = Collection(database: database, name: name)
        state.counts[collection] = 0
        let kind = fields.strings["type"] ?? "collection"
        if kind != "view" { state.open.insert(collection) }
        if ["view", "timeseries"].contains(kind) { state.uncounted.insert(collection) }
    }

    private func beginBlock(_ document: [UInt8], _ state: inout State) throws {
        guard let fields = FlatBSON(document), let database = fields.strings["db"],
            let name = fields.strings["collection"]
        else {
            throw damaged("a block has no name")
        }
        let collection = Collection(database: database, name: name)
        let isLast = fields.booleans["EOF"] ?? false
        if isLast {
            let sum = state.sums[collection]?.value ?? 0
            guard let written = fields.integers["CRC"], UInt64(bitPattern: written) == sum else {
                throw damaged("the checksum of \(name) is not that of its documents")
            }
            state.open.remove(collection)
            // A time series is announced under its name, and its blocks have that of its buckets.
            if name.utf8.starts(with: Self.bucketsPrefix.utf8) {
                let series = String(decoding: name.utf8.dropFirst(Self.bucketsPrefix.utf8.count), as: UTF8.self)
                let announced = Collection(database: database, name: series)
                if state.uncounted.contains(announced) { state.open.remove(announced) }
            }
        }
        state.place = .documents(collection, isLast: isLast)
    }
}

/// The top level of a BSON document: the few types that an archive's own documents have (bsonspec.org).
struct FlatBSON {
    private(set) var strings: [String: String] = [:]
    private(set) var booleans: [String: Bool] = [:]
    private(set) var integers: [String: Int64] = [:]

    /// nil for what is none, or has other types.
    init?(_ document: [UInt8]) {
        var rest = document.dropFirst(4)
        func number(_ count: Int) -> UInt64? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        while let type = rest.popFirst(), type != 0 {
            guard let end = rest.firstIndex(of: 0) else { return nil }
            let name = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            switch type {
            case 0x02:
                guard let length = number(4), length >= 1, length <= UInt64(rest.count) else { return nil }
                strings[name] = String(decoding: rest.prefix(Int(length) - 1), as: UTF8.self)
                rest = rest.dropFirst(Int(length))
            case 0x08: booleans[name] = number(1) == 1
            case 0x10: integers[name] = number(4).map { Int64(Int32(truncatingIfNeeded: $0)) }
            case 0x12: integers[name] = number(8).map { Int64(bitPattern: $0) }
            case 0x01: if number(8) == nil { return nil }
            default: return nil
            }
        }
    }
}

/// CRC-64/ECMA as Go's hash/crc64 computes it: reflected, inverted before and after.
struct ECMA64: Sendable {
    private var crc: UInt64 = .max
    var value: UInt64 { ~crc }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        Self.table.withUnsafeBufferPointer { table in
            for byte in bytes { crc = table[Int(truncatingIfNeeded: (crc ^ UInt64(byte)) & 0xff)] ^ crc >> 8 }
        }
    }

    private static let table: [UInt64] = (0..<256).map { byte in
        (0..<8).reduce(UInt64(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xc96c_5795_d787_0f42 : crc >> 1 }
    }
}
