internal import BackupCore

/// What is known of a database.
struct PostgreSQLFacts: Sendable {
    let version: String
    let sizeBytes: UInt64?
    let isEmpty: Bool
}

extension PostgreSQLSession {
    /// - Throws: ``DriverError``.
    func facts() throws -> PostgreSQLFacts {
        // The size needs CONNECT on the database, which we have; it is only used for progress and part sizes.
        let size = try? query("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())").first?.first ?? nil
        return PostgreSQLFacts(
            version: try versionName(), sizeBytes: size.flatMap { UInt64($0) }, isEmpty: try isEmpty())
    }

    /// `PostgreSQL 16.2`
    func versionName() throws -> String {
        let version = try query("SELECT pg_catalog.current_setting('server_version')").first?.first ?? nil
        // Debian's has its package's version behind the number.
        return "PostgreSQL " + (version.map { String($0.prefix { $0 != " " }) } ?? "\(serverVersion / 10000)")
    }

    /// Whether nothing of a user's is in the database. What extensions brought, and the schema `public`, is nobody's.
    func isEmpty() throws -> Bool {
        // Not what belongs to an extension (e), nor what belongs to another object (i): array types, row types,
        // identity sequences.
        let own = { (catalogue: String, column: String, condition: String) in
            """
            EXISTS (SELECT FROM pg_catalog.\(catalogue) o JOIN pg_catalog.pg_namespace n ON n.oid = o.\(column)
              WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' AND \(condition)
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.\(catalogue)'::regclass AND d.objid = o.oid AND d.deptype IN ('e', 'i')))
            """
        }
        let sql = """
            SELECT NOT (\(own("pg_class", "relnamespace", "o.relkind NOT IN ('i', 'I', 't')"))
              OR \(Self.namespaced.map { own($0, $1, "true") }.joined(separator: " OR "))
              OR EXISTS (SELECT FROM pg_catalog.pg_default_acl)
              OR EXISTS (SELECT FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
                   WHERE d.datname = pg_catalog.current_database())
              OR EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)
              OR EXISTS (SELECT FROM pg_catalog.pg_event_trigger)
              OR EXISTS (SELECT FROM pg_catalog.pg_foreign_data_wrapper w WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                   WHERE d.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass AND d.objid = w.oid AND d.deptype = 'e'))
              OR EXISTS (SELECT FROM pg_catalog.pg_foreign_server)
              OR EXISTS (SELECT FROM pg_catalog.pg_publication)
              OR EXISTS (SELECT FROM pg_catalog.pg_namespace n
                   WHERE n.nspname NOT IN ('public', 'pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                       WHERE d.classid = 'pg_catalog.pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')))
            """
        return try query(sql).first?.first == "t"
    }

    /// Catalogues of objects with a schema, besides pg_class, and the schema's column.
    private static var namespaced: [(String, String)] {
        [
            ("pg_proc", "pronamespace"), ("pg_type", "typnamespace"), ("pg_collation", "collnamespace"),
            ("pg_conversion", "connamespace"), ("pg_operator", "oprnamespace"), ("pg_opfamily", "opfnamespace"),
            ("pg_opclass", "opcnamespace"), ("pg_ts_config", "cfgnamespace"), ("pg_ts_dict", "dictnamespace"),
            ("pg_ts_parser", "prsnamespace"), ("pg_ts_template", "tmplnamespace"), ("pg_statistic_ext", "stxnamespace"),
        ]
    }

    /// The databases that can be dumped: not the two that every server begins with, nor those that take no connection.
    func databases() throws -> [String] {
        try query(
            """
            SELECT datname FROM pg_catalog.pg_database
            WHERE datallowconn AND datname NOT IN ('template0', 'template1') AND datconnlimit <> -2 ORDER BY datname
            """
        ).compactMap { $0.first ?? nil }
    }

    /// Whether there is one of this name, whatever it is.
    func knowsDatabase(_ name: String) throws -> Bool {
        try query("SELECT datname FROM pg_catalog.pg_database").contains { $0.first??.equalsBytes(name) ?? false }
    }

    func hasDatabase(_ name: String) throws -> Bool { try databases().contains { $0.equalsBytes(name) } }

    var isSuperuser: Bool {
        get throws {
            try query("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user").first?.first == "t"
        }
    }

    /// - Throws: ``DriverError/queryFailed(_:sqlState:reason:)`` for a name that the server would cut.
    func checkLength(of name: String) throws {
        let limit =
            try query("SELECT pg_catalog.current_setting('max_identifier_length')").first?.first.flatMap { $0 }.flatMap
        { Int($0) } ?? 63
        // name_too_long
        guard name.utf8.count > limit else { return }
        throw DriverError.queryFailed(
            name, sqlState: "42622", reason: "names have at most \(limit) bytes on this server")
    }

    func createDatabase(_ name: String) throws {
        try query("SELECT pg_catalog.set_config('statement_timeout', '0', false)")
        // template0 is what pg_dump's archives are made for: objects added to template1 would be there twice.
        try query("CREATE DATABASE \(try quoted(name)) TEMPLATE template0", seconds: 600)
    }

    func dropDatabase(_ name: String) throws {
        // pg_restore's own session may not have ended yet. FORCE is from PostgreSQL 13.
        let force = serverVersion >= 130_000 ? " WITH (FORCE)" : ""
        try query("DROP DATABASE \(try quoted(name))\(force)")
    }
}
