internal import BackupCore
internal import Synchronization

/// redis-cli, or Valkey's sibling of it.
final class RedisTools: Sendable {
    private let place: any ToolPlace
    /// What was found, so that it is looked for once.
    private let known = Mutex<(name: String, path: String)?>(nil)

    init(place: any ToolPlace) { self.place = place }

    /// - Throws: ``DriverError/toolNotFound(_:)``.
    func call(_ target: RedisTarget, _ arguments: [String]) async throws -> DumpTool {
        let (name, path) = try await find()
        var environment = place.environment(prefixes: [])
        // In the child's environment only its own user and root can read it; argv is everyone's.
        if let password = target.password { environment["REDISCLI_AUTH"] = password.revealed }
        return DumpTool(
            name, path: path, arguments: target.arguments + arguments, environment: environment,
            secrets: [target.password].compactMap { $0 }, in: place)
    }

    private func find() async throws -> (name: String, path: String) {
        if let known = known.withLock({ $0 }) { return known }
        for name in ["redis-cli", "valkey-cli"] {
            for path in place.find(name, alsoIn: []) {
                // A container's programs are known only by trying.
                if !place.sharesFiles {
                    do {
                        _ = try await DumpTool(name, path: path, arguments: ["--version"], in: place).output()
                    } catch DriverError.toolNotFound {
                        continue
                    }
                }
                known.withLock { $0 = (name, path) }
                return (name, path)
            }
        }
        throw place.missing("redis-cli or valkey-cli")
    }

    /// What the server says of itself.
    /// - Throws: ``DriverError``, told by RESP's error codes.
    func info(_ target: RedisTarget) async throws -> RedisInfo {
        let answer: String
        do {
            answer = try await call(target, ["INFO"]).output()
        } catch DriverError.toolFailed(_, _, let words) {
            // redis-cli ends with 1 when it has no connection, and never for what a server answers.
            throw DriverError.cannotConnect(target.name, reason: words)
        }
        if let info = RedisInfo(answer) { return info }
        let line = answer.split(whereSeparator: \.isNewline).first.map(String.init) ?? "it says nothing"
        // An error is a line that begins with its code (RESP, "Simple errors").
        switch line.prefix(while: { $0.isUppercase }) {
        case "NOAUTH", "WRONGPASS", "NOPERM": throw DriverError.authenticationFailed(target.name, reason: line)
        case "LOADING", "BUSY", "MASTERDOWN": throw DriverError.notReady(target.name, reason: line)
        default: throw DriverError.cannotConnect(target.name, reason: LastWords.sentence(String(line.prefix(200))))
        }
    }
}

/// The parts of `INFO` that matter here.
struct RedisInfo: Sendable {
    /// `Redis 7.0.15`, `Valkey 9.1.0`
    let version: String
    let usedMemory: UInt64?
    /// By number: keys in all, and those that will expire.
    let databases: [(number: Int, keys: UInt64, expiring: UInt64)]

    /// nil when it is something else.
    init?(_ text: String) {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            values[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
        guard let redis = values["redis_version"] else { return nil }
        // Valkey says both: for clients that look for Redis, the last version that they had in common.
        version = values["valkey_version"].map { "Valkey \($0)" } ?? "Redis \(redis)"
        usedMemory = values["used_memory"].flatMap { UInt64($0) }
        databases = values.compactMap { name, value in
            guard let number = name.wholeMatch(of: /db([0-9]+)/).flatMap({ Int($0.1) }),
                let match = value.prefixMatch(of: /keys=([0-9]+),expires=([0-9]+)/), let keys = UInt64(match.1),
                let expiring = UInt64(match.2)
            else { return nil }
            return (number, keys, expiring)
        }.sorted { $0.number < $1.number }
    }

    var isEmpty: Bool { databases.allSatisfy { $0.keys == 0 } }

    /// Keys that will expire are not counted: some of them have, by the time somebody compares.
    var fingerprint: Fingerprint {
        Fingerprint(
            moment: .separate, engineVersion: version,
            databases: databases.filter { $0.keys > $0.expiring }.map { database in
                let keys = Fingerprint.Table(
                    name: "keys without expiry", rows: database.keys - min(database.expiring, database.keys))
                return Fingerprint.Database(name: "db\(database.number)", schemaDigest: nil, tables: [keys])
            })
    }
}
