internal import BackupCore
internal import FoundationEssentials
internal import Yams

/// A file of things that there shall be, in YAML.
///
/// Memory: the file, at most ``largestSize`` bytes, and what it says. Only the fields that are known are looked into.
struct ApplyFile: Sendable {
    static let largestSize = 1 << 20

    let name: String
    /// In the order in which they are made.
    private(set) var things: [DeclaredThing] = []
    /// The sections that are there; what is in no section is nobody's to remove.
    private(set) var sections: Set<ResourceKind.Name> = []
    private let environment: [String: String]

    /// - Parameters:
    ///   - name: for messages.
    ///   - environment: for `${NAME}`.
    /// - Throws: ``ApplyError`` with the line and the field.
    init(_ text: String, name: String, environment: [String: String]) throws {
        self.name = name
        self.environment = environment
        guard let root = try Self.compose(text, name) else { return }
        let mapping = try self.mapping(root, "the file")
        for (key, value) in mapping {
            guard let section = key.string, let kind = ResourceKind.all.first(where: { $0.section == section }) else {
                throw ApplyError.unknownField(
                    name, line: Self.line(key), field: key.string ?? "?", known: ResourceKind.all.map(\.section))
            }
            sections.insert(kind.name)
            for node in try sequence(value, section) { things.append(try thing(node, kind)) }
        }
        var seen: Set<ThingKey> = []
        for thing in things where !seen.insert(thing.key).inserted {
            throw ApplyError.repeatedName(name, line: thing.line, thing: "\(thing.key)")
        }
        let order = ResourceKind.Name.allCases
        things = order.flatMap { kind in things.filter { $0.kind.name == kind } }
    }

    private static func compose(_ text: String, _ name: String) throws -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw ApplyError.notYAML(name, line: mark.line, reason: problem)
            case .duplicatedKeysInMapping(let keys, let context):
                let line = context.mark.line
                throw ApplyError.notYAML(name, line: line, reason: "twice: \(keys.joined(separator: ", "))")
            default: throw ApplyError.notYAML(name, line: 1, reason: "it can't be read")
            }
        }
    }

    // MARK: One thing

    private func thing(_ node: Node, _ kind: ResourceKind) throws -> DeclaredThing {
        var entries: [String: DeclaredThing.Entry] = [:]
        var own: String?
        var agent: String?
        try read(node, prefix: "", kind) { field, value in
            switch field {
            case "name": own = try text(value, field)
            case "agent" where kind.isOfAgent: agent = try text(value, field)
            default:
                guard let known = kind.field(field) else { throw unknown(field, value, kind) }
                entries[field] = DeclaredThing.Entry(value: try self.value(value, known), line: Self.line(value))
            }
        }
        let line = Self.line(node)
        guard let own, !own.isEmpty else { throw ApplyError.missingField(name, line: line, field: "name") }
        if kind.isOfAgent, agent == nil { throw ApplyError.missingField(name, line: line, field: "agent") }
        for field in kind.fields where field.isRequired && entries[field.name] == nil {
            throw ApplyError.missingField(name, line: line, field: field.name)
        }
        return DeclaredThing(kind: kind, name: own, agent: agent, line: line, values: entries)
    }

    /// Gives every field to `take`, those in objects as `object.field`.
    private func read(
        _ node: Node, prefix: String, _ kind: ResourceKind, _ take: (String, Node) throws -> Void
    ) throws {
        for (key, value) in try mapping(node, prefix.isEmpty ? "each of \(kind.section)" : prefix) {
            let field = prefix + (prefix.isEmpty ? "" : ".") + (key.string ?? "?")
            if kind.fields.contains(where: { $0.name.hasPrefix("\(field).") }) {
                try read(value, prefix: field, kind, take)
            } else {
                try take(field, value)
            }
        }
    }

    private func unknown(_ field: String, _ node: Node, _ kind: ResourceKind) -> ApplyError {
        let known = ["name"] + (kind.isOfAgent ? ["agent"] : []) + kind.fields.map(\.name)
        return .unknownField(name, line: Self.line(node), field: field, known: known)
    }

    // MARK: Values

    private func value(_ node: Node, _ field: ResourceField) throws -> DeclaredThing.Value {
        switch field.form {
        case .text, .reference: return .plain(.string(try text(node, field.name)))
        case .number: return .plain(.integer(try number(node, field.name)))
        case .yesNo:
            guard let value = node.bool else { throw wrong(node, field.name, "must be true or false") }
            return .plain(.bool(value))
        case .texts:
            return .plain(.array(try sequence(node, field.name).map { .string(try text($0, field.name)) }))
        case .numbers:
            return .plain(.array(try sequence(node, field.name).map { .integer(try number($0, field.name)) }))
        case .secret:
            guard let reference = node.string.flatMap({ SecretReference($0) }) else {
                throw ApplyError.secretInFile(name, line: Self.line(node), field: field.name)
            }
            return .secret(reference)
        }
    }

    private func text(_ node: Node, _ field: String) throws -> String {
        guard let text = node.string else { throw wrong(node, field, "must be text") }
        guard let variable = SecretReference.variable(in: text) else { return text }
        guard let value = environment[variable] else {
            throw ApplyError.secretMissing(name, line: Self.line(node), field: field, reference: text)
        }
        return value
    }

    private func number(_ node: Node, _ field: String) throws -> Int64 {
        guard let value = node.string.flatMap({ Int64($0) }) else { throw wrong(node, field, "must be a whole number") }
        return value
    }

    private func mapping(_ node: Node, _ what: String) throws -> Node.Mapping {
        guard let mapping = node.mapping else { throw wrong(node, what, "must be fields with values") }
        return mapping
    }

    private func sequence(_ node: Node, _ what: String) throws -> Node.Sequence {
        guard let sequence = node.sequence else { throw wrong(node, what, "must be a list") }
        return sequence
    }

    private func wrong(_ node: Node, _ field: String, _ reason: String) -> ApplyError {
        .wrongValue(name, line: Self.line(node), field: field, reason: reason)
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}
