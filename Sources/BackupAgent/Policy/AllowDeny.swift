/// What is allowed, less what is denied.
struct AllowDeny<Pattern: Sendable & Equatable>: Sendable, Equatable {
    /// nil: everything.
    var allow: [Pattern]?
    var deny: [Pattern] = []

    func permits(_ isMatch: (Pattern) -> Bool) -> Bool {
        if deny.contains(where: isMatch) { return false }
        return allow?.contains(where: isMatch) ?? true
    }
}
