/// What a person, or a token, may do. Each may what the ones before it may.
package enum Role: String, Sendable, Codable, CaseIterable, Comparable {
    /// Looks.
    case viewer
    /// Runs, restores, and changes what is backed up.
    case `operator`
    /// Also people, stores and channels.
    case admin
    /// Also other owners. There is always one.
    case owner

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        case .owner: 3
        }
    }
}
