internal import BackupCore

/// Markup that is safe to send. Text gets in only through escaping.
///
/// It is written as a literal: what stands in the literal is markup, and what is interpolated is text, whoever it comes from:
/// `"<h1>\(name)</h1>" as HTML`. There is no way from a `String` to unescaped markup, so a name such as `<script>` is shown as one.
/// An interpolated value stands in an element's text, or in an attribute between double quotes, and nowhere else.
package struct HTML: Sendable, Equatable {
    package private(set) var markup: String

    package init() { markup = "" }
    package init(text: String) { markup = Self.escaped(text) }

    package static func + (a: HTML, b: HTML) -> HTML {
        var sum = a
        sum.markup += b.markup
        return sum
    }

    package var isEmpty: Bool { markup.isEmpty }

    /// `text` for an element or a quoted attribute. What steers a terminal or turns letters around is written out
    /// (``VisibleText``): a name could otherwise show as another's.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in VisibleText.of(text, keepingLines: true).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension HTML: ExpressibleByStringInterpolation {
    package init(stringLiteral value: StaticString) { markup = value.description }
    package init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// What stands in the source itself.
        package mutating func appendLiteral(_ literal: StaticString) { markup += literal.description }
        package mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }
        package mutating func appendInterpolation(_ number: Int) { markup += "\(number)" }
        package mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        package mutating func appendInterpolation(_ html: HTML?) { markup += html?.markup ?? "" }
        package mutating func appendInterpolation(_ list: [HTML]) { for html in list { markup += html.markup } }
        /// `html` where `condition` holds: attributes such as ` disabled=""`.
        package mutating func appendInterpolation(_ html: HTML, if condition: Bool) {
            if condition { markup += html.markup }
        }
    }
}

extension Sequence {
    /// The markup of each, one after another.
    package func html(_ each: (Element) -> HTML) -> HTML { reduce(into: HTML()) { $0 = $0 + each($1) } }
}
