/// The form above a list. A plain GET: the address has all of it, and can be sent to somebody.
struct FilterBar {
    let query: ListQuery
    var hasText = true
    var choices: [(name: String, label: String, options: [(value: String, title: String)])] = []
    var dates = false

    func html(_ context: PageContext) -> HTML {
        let t = context.phrases
        return """
            <form class="filter" method="get" action="\(query.path)" role="search">
            \(hasText ? Field.text("q", t.search, value: query.text, type: "search", scope: "q") : HTML())
            \(choices.html { choice in Field.select(choice.name, choice.label, [("", t.anything)] + choice.options, selected: query.filters[choice.name] ?? "", scope: "q") })
            \(dates ? Field.text("from", t.from, value: query.filters["from"] ?? "", type: "date", scope: "q") : HTML())
            \(dates ? Field.text("to", t.to, value: query.filters["to"] ?? "", type: "date", scope: "q") : HTML())
            \(others)
            <button class="button">\(t.filter)</button>
            \(query.isFiltered ? "<a class=\"button quiet\" href=\"\(query.path)\">\(t.clearFilter)</a>" : HTML())
            </form>
            """
    }

    /// What the list is also narrowed to, by the link that led here, and what else the address says.
    private var others: HTML {
        let shown = Set(choices.map(\.name) + (dates ? ["from", "to"] : []))
        return query.filters.merging(query.settings) { first, _ in first }.sorted { $0.key < $1.key }.filter {
            !shown.contains($0.key) && !$0.value.isEmpty
        }.html {
            "<input type=\"hidden\" name=\"\($0.key)\" value=\"\($0.value)\"/>"
        }
    }
}
