/// Text from a store, a server or a file on its way to a terminal.
package enum VisibleText {
    /// `text` with what would steer a terminal, or turn the order of letters around, written as `\u{1B}`.
    ///
    /// A name in a manifest, a tool's last words, an object's key may be anybody's: escape sequences can hide lines, write
    /// over them, or set a window's title.
    /// - Parameter keepingLines: whether line feeds are the text's own, and stay.
    package static func of(_ text: String, keepingLines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: { isHidden($0, keepingLines) }) else { return text }
        return text.unicodeScalars.map { scalar in
            isHidden(scalar, keepingLines)
                ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }
        .joined()
    }

    private static func isHidden(_ scalar: Unicode.Scalar, _ keepingLines: Bool) -> Bool {
        if scalar == "\n" { return !keepingLines }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return true
        default: return false
        }
    }
}
