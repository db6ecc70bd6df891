package import BackupCore
internal import FoundationEssentials

/// What the owner of the agent's host allows, which no server can override.
///
/// It is asked, and answers with nothing or with an error that says which rule decided, and that may go to the server. Pure,
/// but for the symbolic links on the way to a file.
/// Without a file everything is allowed but secrets of other places than the usual ones; hooks still need `BACKUPY_ALLOW_HOOKS`. It is read at the start and not again:
/// whoever can change the file can also start the agent again, and a run keeps the rules that it began with.
package struct HostPolicy: Sendable, Equatable {
    var hooks = HookRule.all
    var targets = AllowDeny<TargetPattern>()
    var destinations = AllowDeny<Glob>()
    var restores = RestoreRule.allowed(databases: nil, overwrite: true)
    var healthChecks = AllowDeny<Glob>()
    var references = ReferenceRule()

    /// What holds without a file.
    package init() {}

    /// With files and directories of the agent's own, which no secret is taken from.
    func keeping(_ paths: [String]) -> HostPolicy {
        var policy = self
        policy.references.own += paths
        return policy
    }

    /// - Parameters:
    ///   - hook: its text, whole.
    ///   - name: `pre-hook 2`. The text may hold a secret, and is not repeated.
    package func check(hook: String, _ name: String) throws(AgentError) {
        switch hooks {
        case .all: return
        case .only(let commands) where commands.contains(hook): return
        case .none, .only: throw .deniedByPolicy("the \(name)", rule: "hooks")
        }
    }

    package func check(backupOf target: Target) throws(AgentError) {
        guard permits(target) else {
            throw .deniedByPolicy("a backup of target '\(target.id)'", rule: "targets")
        }
    }

    /// An address whose host can't be told for certain is as good as a host that is not allowed.
    func check(uploadTo url: Secret) throws(AgentError) {
        guard destinations != AllowDeny() else { return }
        guard let host = URLComponents(string: url.revealed, encodingInvalidCharacters: false)?.percentEncodedHost,
            // Encoded, it would be another name for the policy than for the connection.
            !host.isEmpty, !host.contains("%")
        else { throw .deniedByPolicy("an upload to an address without a host", rule: "destinations") }
        try check(uploadTo: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host)
    }

    /// - Parameter host: of the address that the backup is sent to, without its port.
    package func check(uploadTo host: String) throws(AgentError) {
        let name = CanonicalHost.of(host)
        guard destinations.permits({ $0.matches(name) }) else {
            throw .deniedByPolicy("an upload to \(host)", rule: "destinations")
        }
    }

    /// A restore needs its target allowed as well as the restore.
    package func check(restoreInto target: Target, options: RestoreOptions) throws(AgentError) {
        guard permits(target) else {
            throw .deniedByPolicy("a restore into target '\(target.id)'", rule: "targets")
        }
        guard case .allowed(let databases, let overwrite) = restores else {
            throw .deniedByPolicy("restores", rule: "restores")
        }
        // A whole server's restore has no database's name, and only a rule for any of them covers it.
        let database = target.database.isEmpty ? options.only ?? "" : Self.real(target).database
        if let databases, database.isEmpty || !databases.contains(where: { $0.matches(database) }) {
            let what = database.isEmpty ? "a restore of all databases" : "a restore into database '\(database)'"
            throw .deniedByPolicy(what, rule: "restores.databases")
        }
        if options.overwrite, !overwrite {
            throw .deniedByPolicy("a restore over a database that is not empty", rule: "restores.overwrite")
        }
    }

    /// Asked before the place is looked at.
    /// - Parameter target: whose password, user, database or backup it is for.
    func check(reference: SecretReference, of target: Target) throws(AgentError) {
        guard references.permits(reference) else {
            let place = reference.wireText.revealed.prefix(200)
            throw .deniedByPolicy("a secret from '\(place)' for target '\(target.id)'", rule: "references")
        }
    }

    /// What is denied is so under the name that was given, and under the one that it leads to.
    private func permits(_ target: Target) -> Bool {
        let real = Self.real(target)
        return targets.permits { $0.matches(real) } && !targets.deny.contains { $0.matches(target) }
    }

    private static func real(_ target: Target) -> Target {
        var real = target
        if target.engine == .sqlite { real.database = RealPath.of(target.database) }
        real.host = CanonicalHost.of(target.host)
        return real
    }

    /// - Parameters:
    ///   - host: without brackets.
    ///   - port: the scheme's own where the address names none.
    package func check(healthCheckOf host: String, port: Int) throws(AgentError) {
        let name = CanonicalHost.of(host)
        let names = [name, "\(name):\(port)"]
        guard healthChecks.permits({ pattern in names.contains { pattern.matches($0) } }) else {
            throw .deniedByPolicy("a health check of \(host):\(port)", rule: "health_checks")
        }
    }
}
