/// Whether an engine does what we need of it, and what of that is news.
struct EngineTrouble: Sendable {
    enum Part: Hashable, Sendable {
        case listing
        case events
    }

    private var broken: Set<Part> = []

    /// - Returns: what to say: nothing while something is broken anyway.
    mutating func failed(_ part: Part, _ reason: String) -> DiscoveryNotice? {
        // Whoever can't be followed may be another one afterwards, and has to show its list first.
        defer { broken.formUnion(part == .events ? [.events, .listing] : [part]) }
        return broken.isEmpty ? .lost(reason: reason) : nil
    }

    mutating func worked(_ part: Part) -> DiscoveryNotice? {
        guard broken.remove(part) != nil else { return nil }
        return broken.isEmpty ? .back : nil
    }
}

/// What whoever operates the host may want to know, once for each time.
package enum DiscoveryNotice: Sendable, Equatable {
    case lost(reason: String)
    case back
}
