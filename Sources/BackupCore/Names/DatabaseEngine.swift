/// The kinds of database that can be backed up. The raw value is what manifests, headers and `--json` say.
package enum DatabaseEngine: String, Sendable, Codable, CaseIterable {
    case postgresql
    case mysql
    case mariadb
    case mongodb
    case redis
    case sqlite
}

/// How the bytes of a dump are compressed. The raw value is what the wire, manifests and headers say.
package enum Compression: String, Sendable, Codable, CaseIterable {
    case zstd
    case gzip
    case none
}
