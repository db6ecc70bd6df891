internal import BackupCore

extension PostgreSQLSession {
    /// Begins a transaction that sees one moment, and may take as long as it must; for a lock it waits ``lockSeconds``.
    func begin() throws {
        try query("SET lock_timeout = '\(Self.lockSeconds)s'")
        for timeout in ["statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"] {
            // Only those that this server's version has.
            try query(
                "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = '\(timeout)'")
        }
        try query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        // As pg_dump: an error instead of the rows that a policy lets through.
        try query("SET LOCAL row_security = off")
    }

    /// Counts the rows of every table of the user's, and digests the catalogue.
    func contents() throws -> Fingerprint.Database {
        var tables = try tableNames().map { name in
            Fingerprint.Table(name: name, rows: try count("ONLY " + name))
        }
        let objects = try count("pg_catalog.pg_largeobject_metadata")
        if objects > 0 { tables.append(Fingerprint.Table(name: "large objects", rows: objects)) }
        return Fingerprint.Database(name: database, schemaDigest: try schemaDigest(), tables: tables)
    }

    /// Quoted, and with their schemas.
    func tableNames() throws -> [String] {
        try query(
            """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND \(Self.isUsers("n", "pg_class", "c.oid")) ORDER BY 1
            """
        ).compactMap { $0.first ?? nil }
    }

    private func count(_ table: String) throws -> UInt64 {
        // No limit of ours: a large table takes its time. It waits for nobody, and a cancelled task ends it.
        let rows = try query("SELECT pg_catalog.count(*) FROM \(table)", seconds: 1_000_000)
        return (rows.first?.first ?? nil).flatMap { UInt64($0) } ?? 0
    }

    /// Over names, kinds and types, and not over expressions: PostgreSQL writes `x IN ('a', 'b')` differently once it has
    /// been dumped and restored.
    private func schemaDigest() throws -> String {
        let lines = try Self.catalogue.flatMap { try query($0).compactMap { $0.first ?? nil } }
        return SchemaDigest.of(lines)
    }

    /// Whether an object is a user's, and not the system's or an extension's.
    private static func isUsers(_ namespace: String, _ catalogue: String, _ oid: String) -> String {
        """
        (\(namespace).nspname !~ '^pg_' AND \(namespace).nspname <> 'information_schema' AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.\(catalogue)'::pg_catalog.regclass
            AND x.objid = \(oid) AND x.deptype = 'e'))
        """
    }

    /// `column` of a row that servers of some versions don't have.
    private static func optional(_ row: String, _ column: String, otherwise value: String) -> String {
        "coalesce(pg_catalog.to_jsonb(\(row)) ->> '\(column)', '\(value)')"
    }

    /// Queries of one text column each. What a partition has from its parent is left out: its names are not kept.
    private static var catalogue: [String] {
        [
            "SELECT 'extension|' || extname FROM pg_catalog.pg_extension",
            "SELECT 'schema|' || nspname FROM pg_catalog.pg_namespace n WHERE \(isUsers("n", "pg_namespace", "n.oid"))",
            """
            SELECT pg_catalog.concat_ws('|', 'relation', n.nspname, c.relname, c.relkind, c.relpersistence, c.relrowsecurity,
              c.relforcerowsecurity)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind NOT IN ('t', 'i', 'I') AND \(isUsers("n", "pg_class", "c.oid"))
            """,
            """
            SELECT pg_catalog.concat_ws('|', 'column', n.nspname, c.relname,
              pg_catalog.row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
              pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef, a.attidentity,
              \(optional("a", "attgenerated", otherwise: "")))
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
              AND \(isUsers("n", "pg_class", "c.oid"))
            """,
            // Not NOT NULL (n), which is a constraint only from PostgreSQL 18 on; the columns have it.
            """
            SELECT pg_catalog.concat_ws('|', 'constraint', n.nspname, coalesce(c.relname, y.typname), k.conname, k.contype,
              k.convalidated, k.condeferrable, k.condeferred)
            FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
              LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid LEFT JOIN pg_catalog.pg_type y ON y.oid = k.contypid
            WHERE k.contype NOT IN ('n', 't') AND \(optional("k", "conparentid", otherwise: "0")) = '0' AND k.conislocal
              AND \(isUsers("n", "pg_class", "k.conrelid"))
            """,
            """
            SELECT pg_catalog.concat_ws('|', 'index', n.nspname, c.relname, i.relname, x.indisunique, x.indisprimary, m.amname,
              x.indnatts)
            FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
              JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_am m ON m.oid = i.relam
            WHERE x.indisvalid AND NOT i.relispartition AND c.relkind <> 't' AND \(isUsers("n", "pg_class", "c.oid"))
            """,
            """
            SELECT pg_catalog.concat_ws('|', 'trigger', n.nspname, c.relname, g.tgname, g.tgenabled, g.tgtype)
            FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE NOT g.tgisinternal AND \(optional("g", "tgparentid", otherwise: "0")) = '0'
              AND \(isUsers("n", "pg_class", "c.oid"))
            """,
            """
            SELECT pg_catalog.concat_ws('|', 'function', n.nspname, p.proname,
              pg_catalog.pg_get_function_identity_arguments(p.oid), pg_catalog.format_type(p.prorettype, NULL), l.lanname,
              p.provolatile, p.prosecdef, pg_catalog.md5(p.prosrc))
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
              JOIN pg_catalog.pg_language l ON l.oid = p.prolang
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'i')
              AND \(isUsers("n", "pg_proc", "p.oid"))
            """,
            """
            SELECT pg_catalog.concat_ws('|', 'type', n.nspname, y.typname, y.typtype,
              (SELECT pg_catalog.string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
               FROM pg_catalog.pg_enum e WHERE e.enumtypid = y.oid))
            FROM pg_catalog.pg_type y JOIN pg_catalog.pg_namespace n ON n.oid = y.typnamespace
            WHERE y.typtype IN ('e', 'd', 'r') AND \(isUsers("n", "pg_type", "y.oid"))
            """,
            """
            SELECT pg_catalog.concat_ws('|', 'policy', n.nspname, c.relname, o.polname, o.polcmd, o.polpermissive)
            FROM pg_catalog.pg_policy o JOIN pg_catalog.pg_class c ON c.oid = o.polrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE \(isUsers("n", "pg_class", "c.oid"))
            """,
        ]
    }
}
