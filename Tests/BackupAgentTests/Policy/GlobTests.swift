@testable import BackupAgent
import Testing

@Suite struct GlobTests {
    private static let cases: [(String, String, Bool)] = [
        ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything.at.all", true), ("a", "a", true),
        ("a", "A", true),
        ("a", "ab", false), ("?", "a", true), ("?", "", false), ("??", "a", false),
        ("*.example.com", "s3.Example.com", true),
        ("*.example.com", "example.com", false), ("*.example.com", "example.com.evil.org", false),
        ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false), ("*a*", "bab", true), ("**", "x", true),
        ("a?c", "aüc", true), ("[a]", "a", false), ("a.c", "abc", false), ("*db", "mydb", true), ("*db", "dbx", false),
    ]

    @Test(arguments: cases) func matches(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(Glob(pattern).matches(text) == isMatch, "\(pattern) on \(text)")
    }

    @Test func manyStarsDoNotExplode() {
        let pattern = String(repeating: "*a", count: 50) + "*b"
        let start = ContinuousClock.now
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 5000)))
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
