/// A pattern for names: `*` is any text, `?` any one character, everything else itself, in upper or lower case.
///
/// By Unicode's scalars: a mark that combines with the letter before it must not take that letter out of a rule.
struct Glob: Sendable, Equatable {
    let pattern: String
    private let characters: [Unicode.Scalar]

    init(_ pattern: String) {
        self.pattern = pattern
        characters = Array(pattern.lowercased().unicodeScalars)
    }

    /// At most as many steps as both lengths multiplied: a pattern with many stars doesn't explode.
    func matches(_ text: String) -> Bool {
        let text = Array(text.lowercased().unicodeScalars)
        var (at, position) = (0, 0)
        var star: (after: Int, position: Int)?
        while position < text.count {
            if at < characters.count, characters[at] == "*" {
                star = (at + 1, position)
                at += 1
            } else if at < characters.count, characters[at] == "?" || characters[at] == text[position] {
                (at, position) = (at + 1, position + 1)
            } else if let last = star {
                star = (last.after, last.position + 1)
                (at, position) = (last.after, last.position + 1)
            } else {
                return false
            }
        }
        return characters[at...].allSatisfy { $0 == "*" }
    }
}
