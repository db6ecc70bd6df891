import BackupDashboard
import Foundation
import Testing

/// WCAG 2.2: 4.5 for text (1.4.3), 3 for what a control or a picture is told by (1.4.11), over the style sheet's own tokens.
@Suite struct ContrastTests {
    /// Text on what it stands on.
    private static let texts = [
        ("text", "page"), ("text", "surface"), ("text", "sunken"), ("muted", "page"), ("muted", "surface"),
        ("muted", "sunken"), ("accent", "page"), ("accent", "surface"), ("accent", "accent-soft"),
        ("on-accent", "accent"), ("surface", "bad"), ("good", "good-soft"), ("warning", "warning-soft"),
        ("bad", "bad-soft"), ("good", "surface"), ("warning", "surface"), ("bad", "surface"), ("bad", "sunken"),
        ("warning", "sunken"), ("page", "text"),
    ]
    private static let shapes = [
        ("control", "surface"), ("control", "page"), ("accent", "none"), ("accent", "surface"), ("bad-fill", "surface"),
    ]

    @Test(arguments: [0, 1, 2]) func everyTokenCanBeReadOnWhatItStandsOn(_ theme: Int) throws {
        let tokens = try Self.tokens()
        try #require(tokens.count == 3, "light, dark by the system, dark by choice")
        for (front, back) in Self.texts {
            #expect(try Self.contrast(front, back, tokens[theme]) >= 4.5, "\(front) on \(back)")
        }
        for (front, back) in Self.shapes {
            #expect(try Self.contrast(front, back, tokens[theme]) >= 3, "\(front) on \(back)")
        }
    }

    @Test func darkIsTheSameByTheSystemAndByChoice() throws {
        let tokens = try Self.tokens()
        #expect(tokens[1] == tokens[2])
    }

    /// Each block that sets `--page`, with its colours.
    private static func tokens() throws -> [[String: String]] {
        let css = try #require(Asset.all.first { $0.name == "dashboard.css" }).text
        return css.components(separatedBy: "}").filter { $0.contains("--page: ") }.map { block in
            Dictionary(
                block.matches(of: /--([a-z-]+): (#[0-9a-f]{6});/).map { (String($0.1), String($0.2)) }
            ) { first, _ in first }
        }
    }

    private static func contrast(_ front: String, _ back: String, _ tokens: [String: String]) throws -> Double {
        let luminances = try [front, back].map { try luminance(#require(tokens[$0], "there is no token \($0)")) }
        return (max(luminances[0], luminances[1]) + 0.05) / (min(luminances[0], luminances[1]) + 0.05)
    }

    /// Relative luminance, as WCAG defines it.
    private static func luminance(_ colour: String) throws -> Double {
        let number = try #require(Int(colour.dropFirst(), radix: 16))
        let channels = [16, 8, 0].map { (shift: Int) -> Double in
            let value = Double(number >> shift & 255) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }
}
