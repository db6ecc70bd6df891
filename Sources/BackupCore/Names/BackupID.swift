package import FoundationEssentials

/// The name of one backup: the second it was started in UTC, and six random characters: `20260131-235959-k3v9qz`.
///
/// Sorts by time as text. The random part is base 32 without look-alikes: 2³⁰ values a second.
package struct BackupID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let string: String
    package var description: String { string }

    static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    package init(at time: Date, using random: inout some RandomNumberGenerator) {
        let time = UTCTime(time)
        let suffix = (0..<6).map { _ in Self.alphabet[Int.random(in: 0..<32, using: &random)] }
        string = "\(time.compactDate)-\(time.compactTime)-\(String(suffix))"
    }

    package init(_ string: String) throws(CoreError) {
        guard Self.isValid(string) else { throw .invalidBackupID(string) }
        self.string = string
    }

    package static func isValid(_ string: String) -> Bool {
        let parts = string.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 8, parts[1].count == 6, parts[2].count == 6 else { return false }
        let digits = (parts[0] + parts[1]).utf8.allSatisfy { (0x30...0x39).contains($0) }
        return digits && parts[2].allSatisfy { alphabet.contains($0) }
    }

    package static func < (a: Self, b: Self) -> Bool { a.string < b.string }
}
