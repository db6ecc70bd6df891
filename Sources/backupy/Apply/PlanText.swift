/// A plan as it is printed.
struct PlanText: Encodable {
    private struct Step: Encodable {
        let action: String
        let kind: String
        let name: String
        let changes: [Change]
    }

    private struct Change: Encodable {
        let field: String
        let old: String
        let new: String
    }

    private let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    /// `+ create job web-1/nightly`, `~ change job web-1/nightly: cron: 0 2 * * * → 0 3 * * *`, `- remove target web-1/old`
    var lines: [String] {
        guard !plan.steps.isEmpty else { return ["Nothing to do: the server has all of it already"] }
        return plan.steps.flatMap(Self.lines(of:))
    }

    /// `2 to create, 1 to change, 0 to remove`
    var summary: String {
        let counts = plan.steps.reduce(into: (0, 0, 0)) { counts, step in
            switch step {
            case .create: counts.0 += 1
            case .change: counts.1 += 1
            case .remove: counts.2 += 1
            }
        }
        return "\(counts.0) to create, \(counts.1) to change, \(counts.2) to remove"
    }

    private static func lines(of step: Plan.Step) -> [String] {
        switch step {
        case .create(let thing):
            ["+ create \(thing.key)"]
                + thing.kind.fields.compactMap { field in
                    switch thing.values[field.name]?.value {
                    case nil: nil
                    case .secret: "    \(field.name): ***"
                    case .plain(let value): "    \(field.name): \(value.shown)"
                    }
                }
        case .change(let thing, _, let changes):
            changes.map { "~ change \(thing.key): \($0.field): \($0.old) → \($0.new)" }
        case .remove(let thing): ["- remove \(thing.key)"]
        }
    }

    func encode(to encoder: any Encoder) throws {
        let steps = plan.steps.map { step in
            switch step {
            case .create(let thing):
                Step(action: "create", kind: thing.kind.name.rawValue, name: thing.key.path, changes: [])
            case .change(let thing, _, let changes):
                Step(
                    action: "change", kind: thing.kind.name.rawValue, name: thing.key.path,
                    changes: changes.map { Change(field: $0.field, old: $0.old, new: $0.new) })
            case .remove(let thing):
                Step(action: "remove", kind: thing.kind.name.rawValue, name: thing.key.path, changes: [])
            }
        }
        var container = encoder.singleValueContainer()
        try container.encode(steps)
    }
}
