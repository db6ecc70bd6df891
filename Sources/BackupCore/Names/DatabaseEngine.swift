/// The kinds of database that can be backed up. The raw value is what manifests, headers and `--json` say.
package enum DatabaseEngine: String, Sendable, Codable, CaseIterable {
    case postgresql
    case mysql
    case mariadb
    case mongodb
    case redis
    case sqlite

    /// Whether both speak the same protocol, so that a URL of one may lead to the other.
    package func isSibling(of other: DatabaseEngine) -> Bool {
        self == other || [[self, other], [other, self]].contains([.mysql, .mariadb])
    }

    /// Where its servers listen unless they are told otherwise; 0 for what has none.
    package var usualPort: Int {
        switch self {
        case .postgresql: 5432
        case .mysql, .mariadb: 3306
        case .mongodb: 27017
        case .redis: 6379
        case .sqlite: 0
        }
    }

    /// What files with its dumps end with: `dump` for pg_dump's custom format, `tar` for several of them.
    package func dumpExtension(_ scope: DatabaseScope) -> String {
        switch self {
        case .postgresql: scope == .server ? "tar" : "dump"
        case .mysql, .mariadb: "sql"
        case .mongodb: "archive"
        case .redis: "rdb"
        case .sqlite: "sqlite"
        }
    }
}

/// How the bytes of a dump are compressed. The raw value is what the wire, manifests and headers say.
package enum Compression: String, Sendable, Codable, CaseIterable {
    case zstd
    case gzip
    case none

    /// What files end with that are compressed this way, with the dot; empty for none.
    package var fileSuffix: String {
        switch self {
        case .zstd: ".zst"
        case .gzip: ".gz"
        case .none: ""
        }
    }
}
