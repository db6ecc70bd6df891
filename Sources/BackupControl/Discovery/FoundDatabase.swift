internal import BackupCore

/// A database among what an agent has found: a container's, or for SQLite one of its files.
package struct FoundDatabase: Sendable, Equatable {
    package let container: FoundContainer
    /// Of the container's suggestions, the best way to this one.
    package let suggestion: Int
    package private(set) var places: Set<DatabasePlace>
    /// For people.
    package let name: String

    /// Whether `target` is this database, however it is reached.
    package func isReached(by target: TargetRecord) -> Bool { !places.isDisjoint(with: target.places) }

    /// In the order of `containers`.
    package static func all(in containers: [FoundContainer]) -> [FoundDatabase] {
        var databases = containers.flatMap(Self.all(of:))
        let services = databases.map { database in
            database.container.serviceNames.map { DatabasePlace.host($0, database.container.engine) }
        }
        // Of two that have one name, nobody knows which a target means: none is taken for it by what its service is called.
        let holders = services.joined().reduce(into: [DatabasePlace: Int]()) { $0[$1, default: 0] += 1 }
        let taken = databases.reduce(into: Set<DatabasePlace>()) { $0.formUnion($1.places) }
        for index in databases.indices {
            databases[index].places.formUnion(services[index].filter { holders[$0] == 1 && !taken.contains($0) })
        }
        return databases
    }

    private static func all(of container: FoundContainer) -> [FoundDatabase] {
        let suggestions = container.suggestions ?? []
        if container.isSQLite, !suggestions.isEmpty {
            return suggestions.enumerated().map { number, file in
                FoundDatabase(
                    container: container, suggestion: number, places: [.file(file.database)], name: file.name)
            }
        }
        return [FoundDatabase(container: container, suggestion: 0, places: container.places, name: container.name)]
    }
}

extension FoundContainer {
    /// Of a name that a service is looked for in: each word more is one more that it may have.
    private static let longestName = 128
    private static let mostWords = 10

    fileprivate var isSQLite: Bool { engine == DatabaseEngine.sqlite.rawValue }

    fileprivate var places: Set<DatabasePlace> {
        var places = DatabasePlace.container(id, engine).union(DatabasePlace.container(name, engine))
        places.insert(.host(name, engine))
        for port in ports where port.host != 0 { places.insert(.address("localhost", Int(port.host), engine)) }
        for way in suggestions ?? [] where !way.host.isEmpty {
            places.insert(.address(way.host, way.port, engine))
        }
        return places
    }

    /// What others of its network may call it, when docker compose has made it: `PROJECT-SERVICE-1`, and both may have dashes in them.
    fileprivate var serviceNames: [String] {
        guard !isSQLite, name.utf8.count <= Self.longestName,
            let separator = name.last(where: { $0 == "-" || $0 == "_" })
        else { return [] }
        let words = name.split(separator: separator)
        guard (3...Self.mostWords).contains(words.count), words.last?.allSatisfy(\.isNumber) == true else { return [] }
        return (1..<words.count - 1).map { words[$0..<words.count - 1].joined(separator: String(separator)) }
    }
}
