internal import BackupCore

/// One way to say where a database is. Two descriptions are of one database when they have a place in common.
package struct DatabasePlace: Hashable, Sendable {
    private enum Way: Hashable {
        case container(name: String)
        /// By the part of it that Docker shows.
        case containerID(String)
        /// A name in the container's network: only one thing has it, whatever the port.
        case host(String)
        case address(host: String, port: Int)
        case file(String)
    }

    /// As many digits of an id as Docker shows.
    private static let shownDigits = 12
    private static let hereNames: Set = ["localhost", "127.0.0.1", "::1", "host.docker.internal"]

    private let family: String
    private let way: Way

    private init(_ engine: String, _ way: Way) {
        // MariaDB's images may be taken for MySQL's, and the other way round.
        family = engine == DatabaseEngine.mariadb.rawValue ? DatabaseEngine.mysql.rawValue : engine
        self.way = way
    }

    static func host(_ name: String, _ engine: String) -> DatabasePlace { .init(engine, .host(name.lowercased())) }

    static func file(_ path: String) -> DatabasePlace { .init(DatabaseEngine.sqlite.rawValue, .file(path)) }

    /// - Parameter text: a name, or an id of at least the length that Docker shows.
    static func container(_ text: String, _ engine: String) -> Set<DatabasePlace> {
        var places: Set = [DatabasePlace(engine, .container(name: text))]
        if text.utf8.count >= shownDigits, text.allSatisfy(\.isHexDigit) {
            places.insert(.init(engine, .containerID(text.prefix(shownDigits).lowercased())))
        }
        return places
    }

    /// - Parameter port: 0 for the engine's usual one.
    static func address(_ host: String, _ port: Int, _ engine: String) -> DatabasePlace {
        let host = hereNames.contains(host.lowercased()) ? "localhost" : host.lowercased()
        let usual = DatabaseEngine(rawValue: engine)?.usualPort ?? 0
        return .init(engine, .address(host: host, port: port == 0 ? usual : port))
    }
}

extension TargetRecord {
    /// Where the database is that this target leads to.
    package var places: Set<DatabasePlace> {
        if engine == .sqlite { return [.file(database)] }
        if !containerID.isEmpty { return DatabasePlace.container(containerID, engine.rawValue) }
        return [.host(host, engine.rawValue), .address(host, port, engine.rawValue)]
    }
}
