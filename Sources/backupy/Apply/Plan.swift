/// What has to be done so that the server has what a file declares.
struct Plan: Sendable {
    struct Change: Sendable, Equatable {
        let field: String
        let old: String
        let new: String
    }

    enum Step: Sendable {
        case create(DeclaredThing)
        case change(DeclaredThing, ExistingThing, [Change])
        case remove(ExistingThing)

        var key: ThingKey {
            switch self {
            case .create(let thing), .change(let thing, _, _): thing.key
            case .remove(let thing): thing.key
            }
        }
    }

    private(set) var steps: [Step] = []

    /// - Parameters:
    ///   - prunes: whether things go that the file does not declare, in the sections that it has; targets and jobs only of agents
    ///     that it names.
    ///   - sendsSecrets: whether secrets are sent that the server has already: nobody can see whether they have changed.
    /// - Throws: ``ApplyError/unknownName(_:line:field:name:)``.
    init(_ file: ApplyFile, _ inventory: Inventory, prunes: Bool, sendsSecrets: Bool) throws(ApplyError) {
        let declared = Set(file.things.map(\.key))
        for thing in file.things {
            try Self.checkReferences(of: thing, file, declared, inventory)
            guard let existing = inventory[thing.key] else {
                steps.append(.create(thing))
                continue
            }
            try Self.checkFixed(thing, existing, file, inventory)
            let changes = Self.changes(thing, existing, inventory, sendsSecrets: sendsSecrets)
            if !changes.isEmpty { steps.append(.change(thing, existing, changes)) }
        }
        guard prunes else { return }
        let agents = Set(file.things.compactMap { $0.kind.name == .agent ? $0.name : $0.agent })
        // What refers to others goes first.
        for kind in ResourceKind.all.reversed() where file.sections.contains(kind.name) {
            for thing in inventory.all(kind.name) where thing.isDeclarable && !declared.contains(thing.key) {
                if thing.agent.map({ agents.contains($0) }) != false { steps.append(.remove(thing)) }
            }
        }
    }

    private static func checkReferences(
        of thing: DeclaredThing, _ file: ApplyFile, _ declared: Set<ThingKey>, _ inventory: Inventory
    ) throws(ApplyError) {
        func check(_ key: ThingKey, _ field: String, _ line: Int) throws(ApplyError) {
            if !declared.contains(key), inventory[key] == nil {
                throw .unknownName(file.name, line: line, field: field, name: key.path)
            }
        }
        if let agent = thing.agent {
            try check(ThingKey(kind: .agent, agent: nil, name: agent), "agent", thing.line)
        }
        for field in thing.kind.fields {
            guard case .reference(let kind, _) = field.form, let entry = thing.values[field.name],
                case .plain(.string(let name)) = entry.value
            else { continue }
            try check(thing.key(of: kind, named: name), field.name, entry.line)
        }
    }

    private static func checkFixed(
        _ thing: DeclaredThing, _ existing: ExistingThing, _ file: ApplyFile, _ inventory: Inventory
    ) throws(ApplyError) {
        for field in thing.kind.fields where field.isFixed {
            guard let entry = thing.values[field.name], case .plain(let new) = entry.value else { continue }
            let old = old(field, existing, inventory)
            guard !isSame(old, new, field) else { continue }
            throw .fixedValue(file.name, line: entry.line, field: field.name, old: old.shown)
        }
    }

    private static func changes(
        _ thing: DeclaredThing, _ existing: ExistingThing, _ inventory: Inventory, sendsSecrets: Bool
    ) -> [Change] {
        thing.kind.fields.compactMap { field in
            switch thing.values[field.name]?.value {
            case nil: return nil
            case .secret:
                let isThere = existing.document[field.presence]?.bool != false
                guard sendsSecrets || !isThere else { return nil }
                return Change(field: field.name, old: isThere ? "***" : "none", new: "***")
            case .plain(let new):
                let old = old(field, existing, inventory)
                guard !isSame(old, new, field) else { return nil }
                return Change(field: field.name, old: old.shown.isEmpty ? "none" : old.shown, new: new.shown)
            }
        }
    }

    private static func old(_ field: ResourceField, _ existing: ExistingThing, _ inventory: Inventory) -> JSONValue {
        let value = existing.value(field)
        guard case .reference = field.form, let id = value.text else { return value }
        return .string(inventory.name(of: id) ?? id)
    }

    /// Nothing and empty are the same: the API leaves out what is not set.
    private static func isSame(_ old: JSONValue, _ new: JSONValue, _ field: ResourceField) -> Bool {
        if old == new { return true }
        if !field.isOrdered, let old = old.array, let new = new.array {
            return Set(old.compactMap(\.text)) == Set(new.compactMap(\.text))
        }
        return old.isNull && [.string(""), .array([])].contains(new)
    }
}

extension DeclaredThing {
    /// What one of its fields refers to: targets of its own agent, or what belongs to nobody.
    func key(of kind: ResourceKind.Name, named name: String) -> ThingKey {
        ThingKey(kind: kind, agent: ResourceKind.of(kind).isOfAgent ? agent : nil, name: name)
    }
}
