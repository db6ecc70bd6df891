internal import BackupCore
internal import CSQLite

extension SQLiteFile {
    /// Counts every row of every table, and digests the schema's own text, which SQLite keeps as it was written.
    func fingerprint(_ moment: Fingerprint.Moment, _ interrupt: SQLiteInterrupt) throws -> Fingerprint {
        let connection = try SQLiteConnection(path, .readOnly, isCancelled: interrupt)
        try connection.query("BEGIN")
        // A virtual table's rows are those of its shadow tables, or of nobody's.
        let names = try connection.query(
            """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name <> 'sqlite_sequence' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name
            """)
        let tables = try names.compactMap { $0 }.map { name in
            let quoted = name.replacingBytes("\"", with: "\"\"")
            let count = try connection.query("SELECT count(*) FROM \"\(quoted)\"").first ?? nil
            return Fingerprint.Table(name: name, rows: count.flatMap { UInt64($0) } ?? 0)
        }
        let schema = try connection.query(
            "SELECT type || char(31) || name || char(31) || tbl_name || char(31) || ifnull(sql, '') FROM sqlite_schema")
        let database = Fingerprint.Database(
            name: Self.name(of: path),
            schemaDigest: SchemaDigest.of(schema.compactMap { $0 }), tables: tables)
        let version = "SQLite \(String(cString: sqlite3_libversion()))"
        return Fingerprint(moment: moment, engineVersion: version, databases: [database])
    }
}
