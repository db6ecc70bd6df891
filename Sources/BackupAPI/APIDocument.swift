/// A document of the REST API, as server and command line share it. Its JSON has its fields in snake_case (``APICoding``).
package protocol APIDocument: Codable, Sendable {
    /// What its JSON must be. Requests are checked against it before they are decoded.
    static var schema: Schema { get }
}

/// A piece of a list.
package struct ListDocument<Item: APIDocument>: APIDocument {
    package let items: [Item]
    /// Where the next piece begins; null at the end.
    package let nextCursor: String?
    package let hasMore: Bool

    package init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
        hasMore = nextCursor != nil
    }

    private enum CodingKeys: CodingKey {
        case items
        case nextCursor
        case hasMore
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(nextCursor, forKey: .nextCursor)
        try container.encode(hasMore, forKey: .hasMore)
    }

    package static var schema: Schema {
        let name = if case .object(let item) = Item.schema { item.name } else { "Item" }
        return .named(
            name + "List",
            [
                .required("items", .list(Item.schema, upTo: 1000)),
                .required("next_cursor", .nullable(.text(.cursor, length: 2...120))),
                .required("has_more", .flag),
            ])
    }
}
