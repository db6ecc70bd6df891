/// What databases held at one moment: enough to tell a restored one from one that lost something.
///
/// Of a dump's own snapshot where the engine can read in it a second time (``Moment/dump``).
/// Memory: at most ``listedTables`` names; of more tables only the sums are kept.
package struct Fingerprint: Sendable, Equatable, Codable {
    /// How many tables are listed by name. With the longest names of any engine, they fit into a manifest.
    package static let listedTables = 2000

    package enum Moment: String, Sendable, Codable {
        /// The snapshot that the dump shows.
        case dump
        /// A moment of its own: what was written in between makes it differ from the dump.
        case separate
    }

    package struct Database: Sendable, Equatable, Codable {
        package let name: String
        /// SHA-256 in hex over the names, kinds and types of what is in it; nil where the engine has no schema.
        package let schemaDigest: String?
        package let tableCount: Int
        package let rowCount: UInt64
        /// By name; nil when there are too many.
        package fileprivate(set) var tables: [Table]?

        package init(name: String, schemaDigest: String?, tables: [Table]) {
            self.name = name
            self.schemaDigest = schemaDigest
            tableCount = tables.count
            rowCount = tables.reduce(0) { $0 &+ $1.rows }
            self.tables = tables.sorted { $0.name < $1.name }
        }

        private enum CodingKeys: String, CodingKey {
            case name, tables
            case schemaDigest = "schema_digest"
            case tableCount = "table_count"
            case rowCount = "row_count"
        }
    }

    package struct Table: Sendable, Equatable, Codable {
        package let name: String
        /// Counted, not estimated.
        package let rows: UInt64

        package init(name: String, rows: UInt64) {
            self.name = name
            self.rows = rows
        }
    }

    package let moment: Moment
    package let engineVersion: String
    package let databases: [Database]

    package init(moment: Moment, engineVersion: String, databases: [Database]) {
        self.moment = moment
        self.engineVersion = engineVersion
        var databases = databases.sorted { $0.name < $1.name }
        if databases.reduce(0, { $0 + $1.tableCount }) > Self.listedTables {
            for index in databases.indices { databases[index].tables = nil }
        }
        self.databases = databases
    }

    private enum CodingKeys: String, CodingKey {
        case moment, databases
        case engineVersion = "engine_version"
    }
}

extension Fingerprint {
    /// What a restored database lacks or has too much of, a line each; empty when both are equal.
    ///
    /// A single database may have been restored under another name, so of one and one the names are not compared.
    package func differences(in restored: Fingerprint) -> [String] {
        if databases.count == 1, restored.databases.count == 1 {
            return Self.differences(databases[0], restored.databases[0], named: "")
        }
        // By bytes: names that look the same may be two.
        let found = Dictionary(restored.databases.map { (Array($0.name.utf8), $0) }) { first, _ in first }
        let expected = Set(databases.map { Array($0.name.utf8) })
        return databases.flatMap { database in
            guard let other = found[Array(database.name.utf8)] else { return ["database \(database.name) is missing"] }
            return Self.differences(database, other, named: "\(database.name): ")
        }
            + restored.databases.filter { !expected.contains(Array($0.name.utf8)) }.map {
                "database \($0.name) was not in the backup"
            }
    }

    private static func differences(_ expected: Database, _ found: Database, named prefix: String) -> [String] {
        var lines: [String] = []
        if let tables = expected.tables, let others = found.tables {
            let rows = Dictionary(others.map { (Array($0.name.utf8), $0.rows) }) { first, _ in first }
            for table in tables {
                let found = rows[Array(table.name.utf8)]
                if found == table.rows { continue }
                let what = found.map { "\($0) rows, not \(table.rows)" } ?? "missing"
                lines.append("\(prefix)\(table.name): \(what)")
            }
            let known = Set(tables.map { Array($0.name.utf8) })
            lines += others.filter { !known.contains(Array($0.name.utf8)) }.map {
                "\(prefix)\($0.name): was not in the backup"
            }
        } else if expected.tableCount != found.tableCount || expected.rowCount != found.rowCount {
            lines.append(
                "\(prefix)\(found.rowCount) rows in \(found.tableCount) tables, "
                    + "not \(expected.rowCount) in \(expected.tableCount)")
        }
        if let digest = expected.schemaDigest, let other = found.schemaDigest, digest != other {
            lines.append("\(prefix)the schema differs")
        }
        return lines
    }
}
