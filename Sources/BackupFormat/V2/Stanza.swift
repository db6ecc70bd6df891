/// A recipient's part of a header (C2SP age.md, "Recipient stanza"): `-> TYPE ARG…`, and a body in base64 of 64
/// columns whose last line is shorter, possibly empty.
package struct Stanza: Sendable, Equatable {
    package let type: String
    package let arguments: [String]
    package let body: [UInt8]

    package init(type: String, arguments: [String], body: [UInt8]) {
        self.type = type
        self.arguments = arguments
        self.body = body
    }

    static let columns = 64

    /// With its line feeds.
    var text: String {
        let base64 = Array(Base64.encode(body).utf8)
        var lines = [(["->", type] + arguments).joined(separator: " ")]
        for start in stride(from: 0, through: base64.count, by: Self.columns) {
            lines.append(String(decoding: base64[start..<min(start + Self.columns, base64.count)], as: UTF8.self))
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
