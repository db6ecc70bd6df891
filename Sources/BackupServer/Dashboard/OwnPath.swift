/// A path of this server's own, such as a page to come back to. Browsers read more as the address of another server than one would
/// think: `//host`, `/\host`, and either with tabs and line breaks anywhere in it.
struct OwnPath: Sendable {
    private static let longest = 2000
    static let root = OwnPath(checked: "/")

    let text: String

    private init(checked: String) { text = checked }

    /// nil for what may lead elsewhere. Braces are left out, as pages fill them.
    init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !#"\"<>{}"#.utf8.contains($0) }
        guard isPlain, text.utf8.count <= Self.longest, text.hasPrefix("/"), !text.hasPrefix("//") else { return nil }
        self.text = text
    }
}
