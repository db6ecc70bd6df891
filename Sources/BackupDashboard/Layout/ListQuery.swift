/// What a reader asks of a list, as the page's address has it.
package struct ListQuery: Sendable {
    /// Rows on a page, where the whole list is at hand.
    package static let pageSize = 50

    package var path: String
    /// Free text, looked for in names.
    package var text: String
    /// Named choices, such as `status`.
    package var filters: [String: String]
    /// What the address says besides, and narrows nothing.
    package var settings: [String: String] = [:]
    /// A column; empty for the list's own order.
    package var sort: String
    package var isDescending: Bool
    /// Where a page begins, in the store's words or as a row's number.
    package var cursor: String

    package init(
        path: String, text: String = "", filters: [String: String] = [:], sort: String = "",
        isDescending: Bool = false, cursor: String = ""
    ) {
        self.path = path
        self.text = text
        self.filters = filters
        self.sort = sort
        self.isDescending = isDescending
        self.cursor = cursor
    }

    var isFiltered: Bool { !text.isEmpty || filters.values.contains { !$0.isEmpty } }

    func link(sort: String? = nil, isDescending: Bool? = nil, cursor: String = "") -> String {
        var parameters = [(name: "q", value: text)]
        parameters += filters.merging(settings) { first, _ in first }.sorted { $0.key < $1.key }.map {
            (name: $0.key, value: $0.value)
        }
        parameters.append(("sort", sort ?? self.sort))
        parameters.append(("order", isDescending ?? self.isDescending ? "desc" : ""))
        parameters.append(("cursor", cursor))
        return Link.to(path, parameters)
    }
}
