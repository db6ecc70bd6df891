package import BackupCore

/// Which images hold a database, by their names.
package enum ImageRules {
    package enum Verdict: Sendable, Equatable {
        case database(DatabaseEngine)
        /// It belongs to a database and is none: an exporter, a pooler, an admin page.
        case companion
        /// The name says nothing.
        case unknown
    }

    /// By the words of the image's name. The first that fits decides: `percona-server-mongodb` is MongoDB.
    private static let families: [(words: Set<Substring>, engine: DatabaseEngine)] = [
        (["mongo", "mongod", "mongodb"], .mongodb),
        (
            [
                "postgres", "postgresql", "postgis", "timescaledb", "timescale", "pgvector", "pgvecto", "vchord",
                "citus", "paradedb", "pgrouting", "spilo", "orioledb", "alloydbomni", "tembo",
            ], .postgresql
        ),
        (["mariadb"], .mariadb),
        (["mysql", "percona"], .mysql),
        (["redis", "valkey", "keydb", "rejson"], .redis),
    ]

    /// Names that say nothing of a database by their words.
    private static let repositories: [String: DatabaseEngine] = ["apache/age": .postgresql]

    /// Words of what stands beside a database, and may listen on its port or be made from its image.
    private static let companionWords: Set<Substring> = [
        "exporter", "metrics", "monitor", "monitoring", "agent", "operator", "manager", "controller",
        "proxy", "pooler", "router", "bouncer", "sentinel", "sync", "connector", "connect", "cdc",
        "express", "commander", "insight", "workbench", "compass",
        "backup", "backups", "restore", "dump", "cron", "xtrabackup", "mydumper",
        "client", "cli", "shell", "tools", "toolbox", "utils", "init", "migrate", "migration", "migrations", "migrator",
        "seed", "loader", "benchmark",
    ]

    /// Words that an application of a database may have, and a database of an application as well: its ports tell.
    private static let doubtfulWords: Set<Substring> = [
        "admin", "ui", "gui", "web", "webui", "browser", "viewer", "studio", "dashboard", "api", "rest", "meta", "mcp",
        "docs", "app",
    ]

    /// Programs whose names are words of their own.
    private static let companions: Set<Substring> = [
        "pgbouncer", "pgpool", "pgcat", "pgdog", "odyssey", "supavisor", "proxysql", "maxscale", "haproxy", "twemproxy",
        "pgadmin", "phpmyadmin", "adminer", "pgweb", "pghero", "phpredisadmin", "redisinsight", "redmon", "cloudbeaver",
        "dbeaver", "dbgate", "nocodb", "bytebase", "mongoku", "postgrest", "postgraphile", "hasura", "pgbackrest",
        "barman",
        "backupy", "pgbackweb", "databasus", "postgresus",
    ]

    package static func verdict(on image: String) -> Verdict {
        let name = ImageName(image)
        if let engine = repositories[name.repository] { return .database(engine) }
        let words = name.words
        if words.contains(where: companions.contains) { return .companion }
        // The repository too: `pgadmin/server`, `prom/mysqld-exporter`.
        if name.repository.split(separator: "/").contains(where: companions.contains) { return .companion }
        guard let family = families.first(where: { family in words.contains(where: family.words.contains) }) else {
            // mysqld_exporter is of MySQL and has none of its words.
            return words.contains("exporter") ? .companion : .unknown
        }
        if words.contains(where: companionWords.contains) { return .companion }
        return words.contains(where: doubtfulWords.contains) ? .unknown : .database(family.engine)
    }
}
