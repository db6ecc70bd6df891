import BackupCore
@testable import BackupDiscovery
import Testing

@Suite struct ImageRulesTests {
    static let databases: [(String, DatabaseEngine)] = [
        ("postgres", .postgresql), ("postgres:16-alpine", .postgresql), ("library/postgres", .postgresql),
        ("docker.io/library/postgres:16.2", .postgresql), ("localhost:5000/postgres", .postgresql),
        ("registry.example.com:8443/team/postgres:latest", .postgresql),
        ("POSTGRES:16", .postgresql), ("Registry.Example.COM/Team/Postgres", .postgresql),
        ("postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", .postgresql),
        ("postgres:16@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", .postgresql),
        ("postgis/postgis:16-3.4", .postgresql), ("timescale/timescaledb:latest-pg16", .postgresql),
        ("timescale/timescaledb-ha:pg16", .postgresql), ("bitnami/postgresql:16", .postgresql),
        ("bitnamilegacy/postgresql-repmgr", .postgresql), ("pgvector/pgvector:pg17", .postgresql),
        ("tensorchord/pgvecto-rs", .postgresql), ("supabase/postgres:15.1", .postgresql),
        ("ghcr.io/immich-app/postgres:14", .postgresql), ("citusdata/citus", .postgresql),
        ("kartoza/postgis", .postgresql), ("apache/age", .postgresql), ("ghcr.io/zalando/spilo-16", .postgresql),
        ("rhel8/postgresql-13", .postgresql), ("quay.io/sclorg/postgresql-15-c9s", .postgresql),
        ("ghcr.io/cloudnative-pg/postgresql:16", .postgresql), ("acme/shop-postgres-test", .postgresql),
        ("paradedb/paradedb", .postgresql), ("ghcr.io/ferretdb/postgres-documentdb", .postgresql),
        ("percona/percona-distribution-postgresql", .postgresql),
        ("mariadb", .mariadb), ("bitnami/mariadb:11", .mariadb), ("lscr.io/linuxserver/mariadb", .mariadb),
        ("bitnami/mariadb-galera", .mariadb), ("yobasystems/alpine-mariadb", .mariadb),
        ("mysql:8.4", .mysql), ("mysql/mysql-server", .mysql), ("bitnami/mysql", .mysql), ("percona", .mysql),
        ("percona/percona-server:8.0", .mysql), ("percona/percona-xtradb-cluster", .mysql),
        ("quay.io/sclorg/mysql-80-c9s", .mysql), ("acme/mysql57", .mysql),
        ("mongo:7", .mongodb), ("bitnami/mongodb", .mongodb), ("mongodb/mongodb-community-server", .mongodb),
        ("percona/percona-server-mongodb", .mongodb), ("mongodb/mongodb-atlas-local", .mongodb),
        ("redis:7-alpine", .redis), ("bitnami/redis", .redis), ("redis/redis-stack-server", .redis),
        ("redis/redis-stack", .redis), ("valkey/valkey:8", .redis), ("bitnami/valkey", .redis),
        ("valkey/valkey-bundle", .redis), ("eqalpha/keydb", .redis), ("bitnami/redis-cluster", .redis),
    ]

    static let companions = [
        "prometheuscommunity/postgres-exporter", "quay.io/prometheuscommunity/postgres-exporter:v0.15",
        "prom/mysqld-exporter", "oliver006/redis_exporter", "percona/mongodb_exporter", "bitnami/postgres-exporter",
        "edoburu/pgbouncer", "bitnami/pgbouncer", "bitnami/pgpool", "pgbouncer/pgbouncer", "proxysql/proxysql",
        "mariadb/maxscale", "ghcr.io/postgresml/pgcat", "supabase/supavisor", "crunchydata/crunchy-pgbouncer",
        "dpage/pgadmin4", "phpmyadmin", "phpmyadmin/phpmyadmin:5", "adminer:4", "mongo-express:1.0",
        "rediscommander/redis-commander", "redis/redisinsight", "redislabs/redisinsight:latest", "sosedoff/pgweb",
        "ankane/pghero", "dbeaver/cloudbeaver", "postgrest/postgrest",
        "container-registry.oracle.com/mysql/community-router/mysql-router",
        "bitnami/redis-sentinel", "prodrigestivill/postgres-backup-local", "schickling/postgres-backup-s3",
        "percona/percona-xtrabackup", "ghcr.io/zalando/postgres-operator", "mongodb/mongodb-kubernetes-operator",
        "linuxserver/mysql-workbench", "acme/postgres-migrate",
    ]

    static let unknown = [
        "", "nginx", "alpine:3", "acme/app", "sha256:0123456789ab", "0123456789ab", "acme/postgresqlite",
        "supabase/postgres-meta", "mysqlclient/none-of-these-words", "acme/mongoose", "dragonflydb/dragonfly",
        "postgres.example.com/shop/app", "postgres:5000/app", "/", ":", "@", "a@b", "::", "//",
    ]

    @Test(arguments: databases) func isADatabase(_ image: String, _ engine: DatabaseEngine) {
        #expect(ImageRules.verdict(on: image) == .database(engine))
    }

    @Test(arguments: companions) func standsBesideADatabase(_ image: String) {
        #expect(ImageRules.verdict(on: image) == .companion)
    }

    @Test(arguments: unknown) func saysNothing(_ image: String) {
        #expect(ImageRules.verdict(on: image) == .unknown)
    }
}
