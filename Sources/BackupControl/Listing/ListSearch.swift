/// What somebody asks of a long list that is filtered, sorted and cut where it is stored.
package struct ListSearch: Sendable {
    /// Whoever wants what is behind so many rows asks with better words.
    private static let largestOffset = 100_000

    /// Looked for in names; letters outside of ASCII in their own case. Empty for all.
    package var text: String
    /// A column; one that the list does not know is its own order.
    package var sort: String
    package var isDescending: Bool
    /// How many rows there are before the page.
    package let offset: Int
    package let limit: Int
    /// Only what is of this agent.
    package var agentID: AgentRecord.ID?

    /// - Parameter limit: 1 to 100; brought within.
    package init(
        text: String = "", sort: String = "", isDescending: Bool = false, offset: Int = 0, limit: Int = 50,
        agentID: AgentRecord.ID? = nil
    ) {
        self.text = String(text.prefix(200))
        self.sort = sort
        self.isDescending = isDescending
        self.offset = min(max(0, offset), Self.largestOffset)
        self.limit = min(max(1, limit), PageRequest.largestLimit)
        self.agentID = agentID
    }
}

/// A page of such a list.
package struct Listing<Row: Sendable>: Sendable {
    package let rows: [Row]
    /// Where the next page begins; nil at the end.
    package let nextOffset: Int?

    /// - Parameter found: one row more than were asked for, if there are so many.
    package init(_ found: [Row], _ search: ListSearch) {
        rows = Array(found.prefix(search.limit))
        nextOffset = found.count > search.limit ? search.offset + search.limit : nil
    }

    package init(_ rows: [Row], nextOffset: Int?) {
        self.rows = rows
        self.nextOffset = nextOffset
    }
}
