/// One column of a list.
struct Column<Row> {
    let id: String
    let title: String
    var isNumeric = false
    /// Whether the first comes before the second; nil for a column that nothing is sorted by. Where the store sorts, only whether it is
    /// there counts.
    var order: ((Row, Row) -> Bool)?
    let cell: (Row) -> HTML
}

/// A list as a table, which a narrow screen shows as cards: sorted, cut into pages, and with what to do where it is empty.
struct ListTable<Row> {
    enum Paging {
        /// All rows are here, and are filtered, sorted and cut here.
        case whole(text: (Row) -> String)
        /// The store has filtered, sorted and cut them; where the next page begins.
        case store(next: String?)
    }

    let caption: String
    let columns: [Column<Row>]
    let query: ListQuery
    let paging: Paging
    /// Shown where there is nothing at all.
    let empty: HTML
    /// An attribute of a row, for live updates.
    var rowAttributes: (Row) -> HTML = { _ in HTML() }

    func html(_ rows: [Row], _ context: PageContext) -> HTML {
        let t = context.phrases
        if rows.isEmpty, !query.isFiltered, query.cursor.isEmpty { return empty }
        let (shown, next) = cut(rows)
        if shown.isEmpty {
            return context.empty(
                t.nothingMatches, t.widenFilter,
                action: "<a class=\"button\" href=\"\(query.path)\">\(t.clearFilter)</a>")
        }
        return """
            <table role="table"><caption class="unseen">\(caption)</caption>
            <thead role="rowgroup"><tr role="row">\(columns.html(head))</tr></thead>
            <tbody role="rowgroup">
            \(shown.html(row))</tbody></table>
            \(pages(next, t))
            """
    }

    private func row(_ row: Row) -> HTML {
        let cells = columns.html { column in
            "<td role=\"cell\" data-label=\"\(column.title)\"\(" class=\"number\"", if: column.isNumeric)>\(column.cell(row))</td>"
        }
        return "<tr role=\"row\"\(rowAttributes(row))>\(cells)</tr>\n"
    }

    private func head(_ column: Column<Row>) -> HTML {
        let style: HTML = column.isNumeric ? " class=\"number\"" : ""
        guard column.order != nil else { return "<th role=\"columnheader\" scope=\"col\"\(style)>\(column.title)</th>" }
        let isCurrent = query.sort == column.id
        let link = query.link(sort: column.id, isDescending: isCurrent && !query.isDescending)
        let direction: HTML = query.isDescending ? "descending" : "ascending"
        return """
            <th role="columnheader" scope="col"\(style)\(" aria-sort=\"\(direction)\"", if: isCurrent)>\
            <a href="\(link)">\(column.title)<span class="sort" aria-hidden="true"></span></a></th>
            """
    }

    private func cut(_ rows: [Row]) -> (shown: [Row], next: String?) {
        switch paging {
        case .store(let next): return (rows, next)
        case .whole(let text):
            var rows = rows
            if let order = columns.first(where: { $0.id == query.sort })?.order {
                rows.sort { query.isDescending ? order($1, $0) : order($0, $1) }
            }
            let wanted = query.text.lowercased()
            if !wanted.isEmpty { rows = rows.filter { text($0).lowercased().contains(wanted) } }
            let start = min(max(0, Int(query.cursor) ?? 0), rows.count)
            let end = min(start + ListQuery.pageSize, rows.count)
            return (Array(rows[start..<end]), end < rows.count ? String(end) : nil)
        }
    }

    private func pages(_ next: String?, _ t: any Phrases) -> HTML {
        if next == nil, query.cursor.isEmpty { return HTML() }
        let first: HTML = query.cursor.isEmpty ? "" : "<a class=\"button\" href=\"\(query.link())\">\(t.firstPage)</a>"
        let following: HTML =
            next.map { "<a class=\"button\" href=\"\(query.link(cursor: $0))\">\(t.nextPage)</a>" } ?? HTML()
        return "<nav class=\"pages\" aria-label=\"\(t.pages)\">\(first)\(following)</nav>"
    }
}
