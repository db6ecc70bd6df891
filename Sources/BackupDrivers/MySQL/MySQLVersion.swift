internal import BackupCore

/// The version of a server or of a client, with the product that it is a version of.
struct MySQLVersion: Sendable, CustomStringConvertible {
    /// ``DatabaseEngine/mysql`` or ``DatabaseEngine/mariadb``.
    let flavour: DatabaseEngine
    /// `10.11.6`
    let number: String
    private let series: (major: Int, minor: Int)

    /// Of a server: `10.11.6-MariaDB-0+deb12u1`, `8.0.36`, and `5.5.5-10.11.6-MariaDB` as some proxies say.
    init?(server text: String) {
        self.init(text.contains("MariaDB") ? .mariadb : .mysql, in: text.replacing(/^5\.5\.5-/, with: ""))
    }

    /// Of a client: `mariadb-dump  Ver 10.19 Distrib 10.11.6-MariaDB, for …`, `mariadb-dump from 11.4.2-MariaDB, client …`,
    /// `mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)`, and up to 5.7, where `Ver` is the tool's own,
    /// `mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)`.
    init?(tool text: String) {
        if let match = text.firstMatch(of: /([0-9]+\.[0-9]+\.[0-9]+)-MariaDB/) {
            self.init(.mariadb, in: String(match.1))
        } else if let match = text.firstMatch(of: /(?:Distrib|Ver) ([0-9]+\.[0-9]+\.[0-9]+)/) {
            self.init(.mysql, in: String(match.1))
        } else {
            return nil
        }
    }

    /// Of a backup: `MariaDB 10.11.6`.
    init?(described text: String) {
        guard let number = text.split(separator: " ").last else { return nil }
        self.init(text.hasPrefix("MariaDB") ? .mariadb : .mysql, in: String(number))
    }

    private init?(_ flavour: DatabaseEngine, in text: String) {
        guard let match = text.firstMatch(of: /^([0-9]+)\.([0-9]+)(?:\.[0-9]+)?/), let major = Int(match.1),
            let minor = Int(match.2)
        else { return nil }
        self.flavour = flavour
        number = String(match.0)
        series = (major, minor)
    }

    var description: String { "\(flavour == .mariadb ? "MariaDB" : "MySQL") \(number)" }

    /// Of an older series, as 10.6 is than 10.11; patch releases read each other's dumps.
    func isOlder(than other: MySQLVersion) -> Bool { series < other.series }
}
