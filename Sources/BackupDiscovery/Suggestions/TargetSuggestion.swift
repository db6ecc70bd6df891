package import BackupCore

/// How a database that was found can be reached, as targets that only need to be accepted.
///
/// Passwords, users and databases that the container's environment has are given as `container-env:NAME`: their values stay on
/// the host, and the agent looks there when it makes a backup.
package enum TargetSuggestion {
    /// The best first: inside of the container the tools fit, and no port is needed; then over its network; then over a published
    /// port. For SQLite a target for each file.
    package static func targets(for found: DiscoveredDatabase) -> [Target] {
        if found.engine == .sqlite {
            return found.files.map { file in
                let name = file.split(separator: "/").last.map(String.init) ?? file
                return Target(
                    id: "", engine: .sqlite, displayName: "\(found.container.name): \(name)", database: file)
            }
        }
        var target = login(found)
        target.strategy = .dockerExec
        return [target]
            + addresses(of: found).map { host, port in
                var target = login(found)
                (target.host, target.port) = (host, port)
                return target
            }
    }

    /// Everything but the way.
    private static func login(_ found: DiscoveredDatabase) -> Target {
        let names = Set(found.container.environmentNames)
        let rule = CredentialRule.all(for: found.engine).first { names.contains($0.password) }
        let user = text(rule?.user ?? CredentialRule.user(of: found.engine, names), names)
        // A user of one database can't read the others; the superuser's name in the same place can.
        let database = rule.flatMap { rule in
            user.hasPrefix(Target.containerReference) ? rule.database.first(where: names.contains) : nil
        }
        return Target(
            id: "", engine: found.engine, displayName: found.container.name,
            database: found.database.isEmpty ? database.map { Target.containerReference + $0 } ?? "" : found.database,
            username: user, password: rule.map { .containerEnvironment(name: $0.password) } ?? .none,
            // A name lives longer than an id: the next container of the service has the same.
            containerID: found.container.name)
    }

    private static func text(_ name: CredentialRule.Name, _ names: Set<String>) -> String {
        switch name {
        case .fixed(let text): text
        case .variable(let variables, let otherwise):
            variables.first(where: names.contains).map { Target.containerReference + $0 } ?? otherwise
        }
    }

    /// Networks of Docker's own have no names for their containers, or no network at all.
    private static let nameless: Set = ["bridge", "host", "none"]

    private static func addresses(of found: DiscoveredDatabase) -> [(String, Int)] {
        let port = found.port ?? found.engine.usualPort
        var all: [(String, Int)] = []
        if found.container.networks.contains(where: { !nameless.contains($0) }) {
            all.append((found.container.name, port))
        }
        if let published = found.container.publishedPorts.first(where: { $0.container == port && $0.protocol == "tcp" })
        {
            all.append(("127.0.0.1", published.host))
        } else if found.container.networks == ["host"] {
            all.append(("127.0.0.1", port))
        }
        return all
    }
}
