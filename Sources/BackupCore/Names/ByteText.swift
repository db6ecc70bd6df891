/// Text as databases, their tools and shells take it: bytes in UTF-8.
///
/// Swift compares and searches by characters. A quote before a combining mark is another character than a quote, so a
/// search for quotes misses it, and whoever escapes that way lets it through; `é` in one and in two code points are
/// equal to Swift, and two names to a database.
extension String {
    /// Every `needle` replaced, wherever its bytes are. An empty one is nowhere.
    package func replacingBytes(_ needle: String, with replacement: String) -> String {
        guard !needle.isEmpty else { return self }
        let bytes = Array(utf8).replacing(Array(needle.utf8), with: Array(replacement.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Its beginning, `limit` bytes of UTF-8 at most, cut between two code points. What Swift calls a character has no bound: one letter
    /// can have a million marks.
    package func prefix(bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
        return String(decoding: utf8[..<end], as: UTF8.self)
    }

    /// Whether both are the same bytes.
    package func equalsBytes(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
