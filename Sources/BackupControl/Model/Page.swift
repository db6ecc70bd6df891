/// A piece of a list, newest first unless said otherwise.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Where the next piece begins; nil at the end.
    package let nextCursor: String?

    package init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

package struct PageRequest: Sendable {
    package static let largestLimit = 100

    package let limit: Int
    package let cursor: String?
    /// The other way round; of runs, restores and the audit log. Cursors are those of the same order.
    package let isOldestFirst: Bool

    /// - Parameter limit: 1 to 100; brought within.
    package init(limit: Int = 50, cursor: String? = nil, isOldestFirst: Bool = false) {
        self.limit = min(max(1, limit), Self.largestLimit)
        self.cursor = cursor
        self.isOldestFirst = isOldestFirst
    }
}
