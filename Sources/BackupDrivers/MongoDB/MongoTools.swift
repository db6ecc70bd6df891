internal import BackupCore
internal import FoundationEssentials

/// mongodump and mongorestore.
struct MongoTools: Sendable {
    let place: any ToolPlace
    let temporary: String

    /// - Returns: the program and its version. Since version 100, the tools have numbers of their own and fit all servers from
    ///   4.2 on; those before have the server's.
    /// - Throws: ``DriverError/toolNotFound(_:)``, ``DriverError/toolTooOld(_:version:database:)``.
    func find(_ name: String, database: String) async throws -> (path: String, version: String) {
        var newest: String?
        for path in place.find(name, alsoIn: []) {
            guard let match = try await words(of: path, name).firstMatch(of: /version: ?r?(([0-9]+)\.[0-9.]+)/),
                let major = Int(match.2)
            else { continue }
            let server = database.split(separator: " ").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
            if major >= 100 || major >= server { return (path, String(match.1)) }
            newest = newest ?? String(match.1)
        }
        if let newest { throw DriverError.toolTooOld(name, version: newest, database: database) }
        throw place.missing(name)
    }

    /// What it says of its version; nothing when it is not there or not what its name says.
    private func words(of path: String, _ name: String) async throws -> String {
        do {
            return try await DumpTool(
                name, path: path, arguments: ["--version"], environment: place.environment(prefixes: []), in: place
            ).output()
        } catch DriverError.toolNotFound, DriverError.toolFailed {
            return ""
        }
    }

    /// A call whose connection string is in a file that lives as long as `body` runs: there is a password in it.
    func calling<R>(
        _ name: String, at path: String, _ uri: Secret, _ target: MongoTarget, _ arguments: [String],
        _ body: (DumpTool) async throws -> R
    ) async throws -> R {
        let settings = Secret("uri: \(try Self.quoted(uri.revealed))")
        return try await place.withSettings(settings, temporary: temporary) { settings, variables in
            try await body(
                DumpTool(
                    name, path: path, arguments: ["--config=\(settings)"] + arguments,
                    environment: place.environment(prefixes: []).merging(variables) { $1 },
                    secrets: [target.password, uri].compactMap { $0 }, in: place))
        }
    }

    /// Runs `body` with a session on a thread of its own: over libmongoc, or in the shell of a container.
    func asking<R: Sendable>(
        _ target: MongoTarget, counting: Bool = false, _ body: @escaping @Sendable (any MongoSession) throws -> R
    ) async throws -> R {
        guard !place.sharesFiles else {
            return try await MongoConnection.with(target, counting: counting) { try body($0) }
        }
        for name in ["mongosh", "mongo"] {
            for path in place.find(name, alsoIn: []) {
                let tool = DumpTool(
                    name, path: path, arguments: MongoShell.arguments, environment: MongoShell.environment,
                    secrets: [target.password, target.text].compactMap { $0 }, in: place)
                do {
                    return try await MongoShell.with(tool, target, counting: counting, body)
                } catch DriverError.toolNotFound {
                    continue
                }
            }
        }
        throw place.missing("mongosh or mongo")
    }

    /// A string of JSON, which is a double-quoted scalar of YAML too (YAML 1.2, 7.3.1).
    static func quoted(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }
}
