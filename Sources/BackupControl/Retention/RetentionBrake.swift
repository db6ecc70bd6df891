package import FoundationEssentials

/// Stops retention that would take away too much of a target's backups at once: a policy with a digit too few, a clock that is wrong, an
/// attacker who wants the backups gone.
package struct RetentionBrake: Sendable, Equatable {
    /// Of what the target has had within the day.
    package var share: Double
    /// So many may always go in a day.
    package var least: Int
    /// How long removals are counted.
    package var span: Duration

    package init(share: Double = 0.3, least: Int = 3, span: Duration = .seconds(86_400)) {
        self.share = share
        self.least = least
        self.span = span
    }

    /// Whether `new` further backups may be marked.
    /// - Parameters:
    ///   - marked: how many were marked by the policy within ``span``, those that are gone already among them.
    ///   - total: how many backups there were before.
    package func allows(new: Int, marked: Int, total: Int) -> Bool {
        new == 0 || new + marked <= max(least, Int((Double(total) * share).rounded(.down)))
    }
}

/// A target whose retention was stopped.
package struct BrakedRetention: Sendable, Equatable {
    package let targetID: TargetRecord.ID
    package let at: Date
    /// How many of how many were to go.
    package let wanted: Int
    package let total: Int
    /// A person has said that it is right, until then.
    package var approvedUntil: Date?

    package init(targetID: TargetRecord.ID, at: Date, wanted: Int, total: Int, approvedUntil: Date? = nil) {
        self.targetID = targetID
        self.at = at
        self.wanted = wanted
        self.total = total
        self.approvedUntil = approvedUntil
    }
}
