internal import BackupControl

/// The end of a list's statement: sorted by a column of its own, and cut.
struct ListOrder {
    /// - Parameters:
    ///   - columns: what each name sorts by; nothing of what a caller sends gets into the statement.
    ///   - usual: the list's own order.
    static func sql(_ search: ListSearch, _ columns: [String: [String]], usual: String, id: String) -> String {
        let terms = columns[search.sort] ?? columns[usual] ?? []
        let direction = search.isDescending ? " DESC" : ""
        return "ORDER BY \((terms + [id]).map { $0 + direction }.joined(separator: ", ")) LIMIT ? OFFSET ?"
    }

    static func arguments(_ search: ListSearch) -> [SQLValue] { [SQLValue(search.limit + 1), SQLValue(search.offset)] }

    /// A pattern for `lower(…) LIKE ? ESCAPE '!'`. Both databases lower the letters of ASCII only.
    static func pattern(_ text: String) -> SQLValue {
        var pattern = "%"
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "!" { pattern += "!" }
            pattern.unicodeScalars.append(
                ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
        }
        return .text(pattern + "%")
    }

    /// `?, ?, ?`
    static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
}
