internal import BackupCore

/// The file's form: a JSON object, each of whose parts may be left out. Unknown names are errors.
struct PolicyDocument: Decodable {
    struct Problem: Error {
        let reason: String
    }

    private static let names: Set = [
        "hooks", "targets", "destinations", "restores", "health_checks", "references",
    ]

    let policy: HostPolicy

    init(from decoder: any Decoder) throws {
        let root = try StrictObject(decoder, keys: Self.names)
        var policy = HostPolicy()
        if let hooks = try root.value(Hooks.self, "hooks") { policy.hooks = hooks.rule }
        if let targets = try root.value(Lists<TargetEntry>.self, "targets") {
            policy.targets = AllowDeny(allow: targets.allow?.map(\.pattern), deny: targets.deny.map(\.pattern))
        }
        if let destinations = try root.value(Lists<String>.self, "destinations") {
            policy.destinations = destinations.globs
        }
        if let restores = try root.value(Restores.self, "restores") { policy.restores = restores.rule }
        if let checks = try root.value(Lists<String>.self, "health_checks") { policy.healthChecks = checks.globs }
        if let references = try root.value(Lists<String>.self, "references") {
            policy.references = try references.rule
        }
        self.policy = policy
    }

    /// `"all"`, `"none"`, or a list of commands.
    private struct Hooks: Decodable {
        let rule: HookRule

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let word = try? container.decode(String.self) {
                guard ["all", "none"].contains(word) else {
                    throw Problem(reason: "'hooks' is neither \"all\" nor \"none\" nor a list of commands")
                }
                rule = word == "all" ? .all : .none
            } else {
                rule = .only(try container.decode([String].self))
            }
        }
    }

    /// `"never"`, or what is allowed.
    private struct Restores: Decodable {
        let rule: RestoreRule

        init(from decoder: any Decoder) throws {
            if let word = try? decoder.singleValueContainer().decode(String.self) {
                guard word == "never" else {
                    throw Problem(reason: "'restores' is neither \"never\" nor an object")
                }
                rule = .never
            } else {
                let object = try StrictObject(decoder, keys: ["databases", "overwrite"])
                rule = .allowed(
                    databases: try object.value([String].self, "databases")?.map { Glob($0) },
                    overwrite: try object.value(Bool.self, "overwrite") ?? false)
            }
        }
    }

    private struct TargetEntry: Decodable {
        let pattern: TargetPattern

        init(from decoder: any Decoder) throws {
            let object = try StrictObject(decoder, keys: ["engine", "host", "database", "container"])
            let pattern = TargetPattern(
                engine: try object.value(DatabaseEngine.self, "engine"),
                host: try object.value(String.self, "host").map { Glob(CanonicalHost.of($0)) },
                database: try object.value(String.self, "database").map { Glob($0) },
                container: try object.value(String.self, "container").map { Glob($0) })
            guard pattern != TargetPattern() else {
                throw Problem(reason: "an entry of 'targets' names nothing, and would stand for all of them")
            }
            self.pattern = pattern
        }
    }

    fileprivate struct Lists<Entry: Decodable>: Decodable {
        let allow: [Entry]?
        let deny: [Entry]

        init(from decoder: any Decoder) throws {
            let object = try StrictObject(decoder, keys: ["allow", "deny"])
            allow = try object.value([Entry].self, "allow")
            deny = try object.value([Entry].self, "deny") ?? []
        }
    }
}

extension PolicyDocument.Lists where Entry == String {
    fileprivate var globs: AllowDeny<Glob> {
        AllowDeny(
            allow: allow?.map { Glob(CanonicalHost.of($0)) }, deny: deny.map { Glob(CanonicalHost.of($0)) })
    }

    fileprivate var rule: ReferenceRule {
        get throws {
            // A pattern that fits nothing is a rule that its author believes in.
            if let wrong = ((allow ?? []) + deny).first(where: { !$0.contains(":") && !$0.hasPrefix("*") }) {
                throw PolicyDocument.Problem(
                    reason: "'\(wrong)' in 'references' does not begin with env:, file: or container-env:")
            }
            return ReferenceRule(allow: allow?.map { Glob($0) }, deny: deny.map { Glob($0) })
        }
    }
}
