package import FoundationEssentials

/// The name of one thing: 26 characters of base 32, the first ten of which are the millisecond it was made in (as a ULID has
/// them), so that ids sort by time. Runs and restores have ``BackupID``s instead.
package struct Identifier<Thing>: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let string: String
    package var description: String { string }

    /// For what a database or a caller says; any text may be one, and names nothing then.
    package init(_ string: String) { self.string = string }

    package init(at time: Date, using random: inout some RandomNumberGenerator) {
        var milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000))
        var characters: [Character] = []
        for _ in 0..<10 {
            characters.append(IdentifierAlphabet.characters[Int(milliseconds & 31)])
            milliseconds >>= 5
        }
        characters.reverse()
        for _ in 0..<16 { characters.append(IdentifierAlphabet.characters[Int.random(in: 0..<32, using: &random)]) }
        string = String(characters)
    }

    package init(from decoder: any Decoder) throws { string = try decoder.singleValueContainer().decode(String.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }

    package static func < (a: Self, b: Self) -> Bool { a.string < b.string }
}

private enum IdentifierAlphabet {
    static let characters = Array("0123456789abcdefghjkmnpqrstvwxyz")
}
