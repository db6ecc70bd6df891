/// "Protected X of Y": Y is all targets, and of what was found all that is no target of its agent. A target and what was found of it
/// are one, and count once; a container that its owner has excluded by a label is not found at all. X is the targets with a schedule,
/// a proven backup, and none that is late (``Overview/protectedTargets``).
package enum Coverage {
    /// How many of the databases in `containers` are no target.
    /// - Parameter targets: of the agent that has found them.
    package static func untargeted(_ containers: [FoundContainer], targets: [TargetRecord]) -> Int {
        let known = targets.reduce(into: Set<DatabasePlace>()) { $0.formUnion($1.places) }
        return FoundDatabase.all(in: containers).count { $0.places.isDisjoint(with: known) }
    }
}
