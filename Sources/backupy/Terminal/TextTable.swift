internal import BackupCore

/// Rows under a heading, each column as wide as its widest cell.
struct TextTable {
    private var rows: [[String]]

    init(_ heading: [String]) { rows = [heading] }

    /// Control characters in it are made visible before it is measured: what is made visible is longer.
    mutating func add(_ row: [String]) { rows.append(row.map { VisibleText.of($0.isEmpty ? "–" : $0) }) }

    var lines: [String] {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
