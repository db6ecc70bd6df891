/// Lines of CSV (RFC 4180) that a spreadsheet takes for text: a field that it could take for a formula gets a `'` before it, as OWASP
/// recommends. A name may be anybody's, and `=HYPERLINK(…)` would run with the reader's rights.
enum CSVText {
    private static let formulaStarts: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r", "\n"]

    static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\r\n" }

    private static func field(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { formulaStarts.contains($0) } ?? false
        return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
    }
}
