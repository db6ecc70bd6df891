import BackupTestSupport
import Foundation
import Testing

/// What a release takes its notes and its images' tags from.
@Suite struct ReleaseScriptTests {
    private static let changelog = """
        # Changelog

        ## [Unreleased]

        - Not yet.

        ## [1.10.0] - 2026-12-01

        ### Added

        - The new.

        ## [1.1.0] - 2026-11-01

        - The old.

        [Unreleased]: https://example.com/compare
        """

    private func run(_ script: String, _ arguments: [String]) throws -> TestProcess.Outcome {
        try TestProcess.run("\(TestTools.packageRoot)/script/\(script)", arguments)
    }

    @Test func notesAreTheVersionsSectionAndNoOther() throws {
        let folder = try TemporaryFolder()
        try Self.changelog.write(toFile: folder("log"), atomically: true, encoding: .utf8)
        let table: [(String, String?)] = [
            ("v1.10.0", "### Added\n\n- The new.\n"), ("1.10.0", "### Added\n\n- The new.\n"),
            ("v1.1.0", "- The old.\n"), ("v1.1", nil), ("v1.10.1", nil), ("v2.0.0", nil),
        ]
        for (version, notes) in table {
            let outcome = try run("release-notes", [version, folder("log")])
            #expect(outcome.status == (notes == nil ? 1 : 0) && outcome.output == notes ?? "", "\(version)")
        }
        // The real one has something to cut.
        #expect(try run("release-notes", ["Unreleased", "\(TestTools.packageRoot)/CHANGELOG.md"]).status == 0)
    }

    @Test func tagsOfImages() throws {
        let table: [(String, String?)] = [
            ("v1.4.2", "1.4.2\n1.4\n1\nlatest\n"), ("2.0.10", "2.0.10\n2.0\n2\nlatest\n"),
            ("v1.5.0-rc.1", "1.5.0-rc.1\n"), ("", nil), ("1.4", nil), ("v1.4.2.3", nil), ("1.04.2", nil),
            ("1.4.2;id", nil), ("latest", nil),
        ]
        for (version, tags) in table {
            let outcome = try run("image-tags", [version])
            #expect(outcome.status == (tags == nil ? 2 : 0) && outcome.output == tags ?? "", "\(version)")
        }
    }
}
