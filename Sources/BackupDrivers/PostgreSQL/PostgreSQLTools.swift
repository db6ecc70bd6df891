internal import BackupCore
internal import Glibc
internal import Synchronization

/// pg_dump, pg_restore and psql, in the versions that their place has.
final class PostgreSQLTools: Sendable {
    let place: any ToolPlace
    /// By path, so that each is asked for its version once.
    private let known = Mutex<[String: Found]>([:])

    init(in place: any ToolPlace) { self.place = place }

    /// A tool and its version.
    struct Found: Sendable {
        let name: String
        let path: String
        /// `16.2`
        let version: String
        let major: Int
        /// `2` of `16.2`; 0 of a version that is not released yet.
        var minor: Int { version.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 0 }
    }

    /// The first one in PATH when it is of the server's version. Else the oldest on this machine that is not older
    /// than the server: newer tools make archives that older servers may not take.
    /// - Throws: ``DriverError/toolNotFound(_:)``, ``DriverError/toolTooOld(_:version:database:)``.
    func find(_ name: String, atLeast major: Int) async throws -> Found {
        let found = try await every(name)
        if let first = found.first, first.major == major { return first }
        guard let fitting = found.filter({ $0.major >= major }).min(by: { $0.major < $1.major }) else {
            let newest = found.max { $0.major < $1.major }
            throw DriverError.toolTooOld(name, version: newest?.version ?? "", database: "PostgreSQL \(major)")
        }
        return fitting
    }

    /// All that are called `name`, the one in PATH first.
    /// - Throws: ``DriverError/toolNotFound(_:)``.
    func every(_ name: String) async throws -> [Found] {
        var found: [Found] = []
        // As its place calls it.
        var missing = name
        // Debian keeps every version beside the others, and only one of them in PATH.
        for path in place.find(name, alsoIn: (9...99).map { "/usr/lib/postgresql/\($0)/bin" }) where !isWrapper(path) {
            do {
                if let tool = try await version(of: name, at: path) { found.append(tool) }
            } catch DriverError.toolNotFound(let place) {
                missing = place
            } catch DriverError.toolFailed {
                // Something else of that name.
            }
        }
        guard !found.isEmpty else { throw DriverError.toolNotFound(missing) }
        return found
    }

    func call(_ tool: Found, arguments: [String], password: Secret?) -> DumpTool {
        var environment = place.environment(prefixes: ["PG"])
        // In the child's environment only its own user and root can read it; argv is everyone's.
        if let password { environment["PGPASSWORD"] = password.revealed }
        let secrets = [password, environment["PGPASSWORD"].map { Secret($0) }].compactMap { $0 }
        return DumpTool(
            tool.name, path: tool.path, arguments: arguments, environment: environment, secrets: secrets, in: place)
    }

    /// Debian's `pg_wrapper` stands in for the tools in /usr/bin, and chooses the version of a local cluster. Here the
    /// server's version is known, and the tools themselves are found.
    private func isWrapper(_ path: String) -> Bool {
        guard place.sharesFiles, let real = realpath(path, nil) else { return false }
        defer { free(real) }
        return String(cString: real).hasSuffix("/pg_wrapper")
    }

    /// nil when it does not say one: then it is something else.
    private func version(of name: String, at path: String) async throws -> Found? {
        if let known = known.withLock({ $0[path] }) { return known }
        let tool = DumpTool(
            name, path: path, arguments: ["--version"], environment: place.environment(prefixes: ["PG"]), in: place)
        // pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)
        guard let match = try await tool.output().firstMatch(of: /\(PostgreSQL\) (([0-9]+)[0-9.a-z]*)/),
            let major = Int(match.2)
        else { return nil }
        let found = Found(name: name, path: path, version: String(match.1), major: major)
        known.withLock { $0[path] = found }
        return found
    }
}
