/// The kinds of database that can be backed up. The raw value is what manifests, headers and `--json` say.
package enum DatabaseEngine: String, Sendable, Codable, CaseIterable {
    case postgresql
    case mysql
    case mariadb
    case mongodb
    case redis
    case sqlite

    /// What files with its dumps end with: `dump` for pg_dump's custom format.
    package var dumpExtension: String {
        switch self {
        case .postgresql: "dump"
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
