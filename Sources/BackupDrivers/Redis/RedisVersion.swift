internal import BackupCore

/// Which server reads which dump.
enum RedisVersion {
    /// - Throws: ``DriverError/serverTooOld(database:version:dump:)``, ``DriverError/otherFlavour(database:server:dump:)``.
    static func check(dump: String, server: String, database: String) throws(DriverError) {
        guard let old = parse(dump), let new = parse(server) else { return }
        // They parted after Redis 7.2: what later ones write, the other doesn't read.
        let isForeign = old.isValkey ? !new.isValkey : new.isValkey && old.series >= (7, 4)
        guard !isForeign else { throw .otherFlavour(database: database, server: server, dump: dump) }
        guard new.series >= old.series else { throw .serverTooOld(database: database, version: server, dump: dump) }
    }

    static func refuse(_ options: RestoreOptions) throws(DriverError) {
        let unknown = [
            ("--no-owner", options.withoutOwners), ("--no-privileges", options.withoutPrivileges),
            ("--database", options.only != nil),
        ]
        if let option = unknown.first(where: \.1) { throw .unsupportedOption(option.0, engine: "Redis") }
    }

    private static func parse(_ text: String) -> (isValkey: Bool, series: (Int, Int))? {
        guard let match = text.firstMatch(of: /([0-9]+)\.([0-9]+)/), let major = Int(match.1), let minor = Int(match.2)
        else {
            return nil
        }
        return (text.hasPrefix("Valkey"), (major, minor))
    }
}
