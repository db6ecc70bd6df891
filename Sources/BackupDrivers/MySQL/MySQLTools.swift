internal import BackupCore
internal import Synchronization

/// The client programs of MySQL and of MariaDB, in the versions that their place has.
final class MySQLTools: Sendable {
    /// What a program is for. MariaDB has names of its own, and keeps MySQL's as links.
    enum Purpose: Sendable {
        case shell
        case dump

        var names: [String] {
            switch self {
            case .shell: ["mariadb", "mysql"]
            case .dump: ["mariadb-dump", "mysqldump"]
            }
        }
    }

    struct Found: Sendable {
        let name: String
        let path: String
        let flavour: DatabaseEngine
        let version: MySQLVersion
        /// Long options without dashes, as its `--help` lists them.
        let options: Set<String>
    }

    private let temporary: String
    private let place: any ToolPlace
    /// By path, so that each is asked once.
    private let known = Mutex<[String: Found]>([:])

    /// - Parameter temporary: the directory for temporary files.
    init(in place: any ToolPlace, temporary: String) {
        self.place = place
        self.temporary = temporary
    }

    /// The shell that fits best; any will do to ask a server what it is.
    /// - Throws: ``DriverError/toolNotFound(_:)``.
    func shell() async throws -> Found {
        guard let found = try await all(.shell).first else { throw place.missing("mariadb or mysql") }
        return found
    }

    /// The tool of the server's own kind that is oldest and not older than the server; for MySQL, when there is none of
    /// its kind, MariaDB's.
    /// - Throws: ``DriverError/toolNotFound(_:)``, ``DriverError/toolTooOld(_:version:database:)``.
    func find(_ purpose: Purpose, for server: MySQLVersion) async throws -> Found {
        let all = try await all(purpose)
        let siblings = all.filter { $0.flavour == server.flavour }
        if siblings.isEmpty {
            guard server.flavour == .mysql, let other = all.first else {
                throw place.missing(
                    server.flavour == .mysql ? purpose.names.joined(separator: " or ") : purpose.names[0])
            }
            return other
        }
        let fitting = siblings.filter { !$0.version.isOlder(than: server) }
        guard let best = fitting.min(by: { $0.version.isOlder(than: $1.version) }) else {
            let newest = siblings.max { $0.version.isOlder(than: $1.version) } ?? siblings[0]
            throw DriverError.toolTooOld(newest.name, version: newest.version.number, database: server.description)
        }
        return best
    }

    /// A call whose password is in an option file that lives as long as `body` runs; or, where the tool can't open our
    /// files, in its environment.
    func calling<R>(
        _ tool: Found, _ target: MySQLTarget, _ arguments: [String], _ body: (DumpTool) async throws -> R
    ) async throws -> R {
        let secrets = [target.password].compactMap { $0 }
        guard place.sharesFiles else {
            return try await body(
                DumpTool(
                    tool.name, path: tool.path,
                    arguments: ["--no-defaults"] + target.arguments(for: tool.flavour) + arguments,
                    environment: target.password.map { ["MYSQL_PWD": $0.revealed] } ?? [:], secrets: secrets, in: place)
            )
        }
        let file = try SecretFile(target.settings(for: tool.flavour), in: temporary)
        defer { withExtendedLifetime(file) {} }
        // Before everything else; and no other file, where a [mysqldump] group could leave tables out.
        return try await body(
            DumpTool(
                tool.name, path: tool.path, arguments: ["--defaults-file=\(file.path)"] + arguments,
                environment: place.environment(prefixes: []), secrets: secrets, in: place))
    }

    private func all(_ purpose: Purpose) async throws -> [Found] {
        var found: [Found] = []
        for name in purpose.names {
            for path in place.find(name, alsoIn: []) {
                if let tool = try await look(at: path, name: name) { found.append(tool) }
            }
        }
        return found
    }

    /// nil when it is something else.
    private func look(at path: String, name: String) async throws -> Found? {
        if let known = known.withLock({ $0[path] }) { return known }
        func answer(_ arguments: [String]) async throws -> String {
            try await DumpTool(
                name, path: path, arguments: arguments, environment: place.environment(prefixes: []), in: place
            ).output()
        }
        do {
            guard let version = MySQLVersion(tool: try await answer(["--no-defaults", "--version"])) else { return nil }
            let help = try await answer(["--no-defaults", "--help"])
            let options = help.matches(of: /(?m)^ {1,6}(?:-., )?--([a-z0-9-]+)/).map { String($0.1) }
            let found = Found(
                name: name, path: path, flavour: version.flavour, version: version, options: Set(options))
            known.withLock { $0[path] = found }
            return found
        } catch DriverError.toolNotFound, DriverError.toolFailed {
            // It is not there, or not what its name says. That Docker fails, say, is something else.
            return nil
        }
    }
}
