internal import Synchronization

/// Where each column of a query's answer stands: worked out once for each text of a query.
///
/// Memory: ``largest`` queries; all are forgotten when there are more.
final class ColumnIndexes: Sendable {
    private static let largest = 1000

    private struct Entry {
        let names: [String]
        let columns: [String: Int]
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// - Parameter names: as the statement has them now; of two with one name, the first counts.
    func columns(of sql: String, named names: [String]) -> [String: Int] {
        if let known = entries.withLock({ $0[sql] }), known.names == names { return known.columns }
        let columns = Dictionary(
            names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        entries.withLock { entries in
            if entries.count >= Self.largest { entries.removeAll() }
            entries[sql] = Entry(names: names, columns: columns)
        }
        return columns
    }
}
