/// The name of an object inside a store: segments of text with `/` between them, at most 1,024 bytes of UTF-8 (the
/// limit of S3).
package struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let string: String
    package var description: String { string }

    /// - Throws: ``CoreError/invalidObjectKey(_:reason:)`` for what a directory or a bucket could take for something
    ///   else: an empty segment, `.`, `..`, a control character, a backslash, or too many bytes.
    package init(_ string: String) throws(CoreError) {
        func refuse(_ reason: String) -> CoreError { .invalidObjectKey(string, reason: reason) }
        guard string.utf8.count <= 1024 else { throw refuse("it has more than 1,024 bytes") }
        for segment in string.split(separator: "/", omittingEmptySubsequences: false) {
            if segment.isEmpty { throw refuse("a segment is empty") }
            if segment == "." || segment == ".." { throw refuse("a segment is '\(segment)'") }
        }
        guard !string.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F || $0 == "\\" }) else {
            throw refuse("it has a control character or a backslash")
        }
        self.string = string
    }

    /// In the byte order of UTF-8, which is how S3 lists.
    package static func < (a: Self, b: Self) -> Bool { a.string.utf8.lexicographicallyPrecedes(b.string.utf8) }
}
