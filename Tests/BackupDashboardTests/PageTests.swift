import BackupDashboard
import BackupTestSupport
import Foundation
import Testing

/// The pages as they are sent. `BACKUPY_TEST_RECORD=1` writes Golden anew.
@Suite struct PageTests {
    private static let golden = TestTools.packageRoot + "/Tests/BackupDashboardTests/Golden"

    /// A few hostile values: an element, an attribute's end, a URL that runs, letters turned around.
    private static let attacks = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "</title></style></textarea><svg onload=alert(1)>", "&lt;script&gt;", "\u{202E}gpj.exe\u{0}\u{1B}[31m",
        "]]><!--",
    ]

    @Test(arguments: [Language.english, .russian]) func pagesAreAsTheyWere(_ language: Language) throws {
        for page in Samples(language: language).pages {
            let path = "\(Self.golden)/\(page.name).\(language.rawValue).html"
            // A version of the assets changes with each of their bytes, and says nothing about a page.
            let text = page.html.markup.replacingOccurrences(of: Asset.version, with: "VERSION")
            if ProcessInfo.processInfo.environment["BACKUPY_TEST_RECORD"] == "1" {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            let known = try String(contentsOfFile: path, encoding: .utf8)
            #expect(known == text, "\(path) is different: BACKUPY_TEST_RECORD=1 writes it anew")
        }
    }

    /// Whatever a text is, the elements and attributes of a page are those of the same page with harmless ones.
    @Test(arguments: attacks, [Language.english, .russian]) func hostileTextIsShownAsText(
        _ attack: String, _ language: Language
    ) throws {
        let harmless = Samples(language: language) { "\($0), harmless" }.pages
        let hostile = Samples(language: language) { "\($0)\(attack)" }.pages
        #expect(harmless.count == hostile.count)
        for (harmless, hostile) in zip(harmless, hostile) {
            let expected = try Outline(of: harmless.html)
            let found = try Outline(of: hostile.html)
            #expect(found.elements == expected.elements, "\(hostile.name)")
            #expect(
                found.text.contains("alert(1)") == attack.contains("alert(1)") || hostile.name == "not-found",
                "\(hostile.name)")
        }
    }

    /// An address is a path of ours, never a scheme that somebody chose.
    @Test(arguments: attacks) func hostileTextLeadsNowhere(_ attack: String) throws {
        for page in Samples(text: { _ in attack }).pages {
            for address in try Outline(of: page.html).addresses where address != "#main" {
                #expect(address.hasPrefix("/") && !address.hasPrefix("//"), "\(page.name): \(address)")
            }
        }
    }

    @Test func nothingOfAPageNeedsInlineScriptOrStyle() throws {
        for page in Samples().pages {
            let outline = try Outline(of: page.html)
            #expect(!outline.attributeNames.contains { $0.hasPrefix("on") || $0 == "style" }, "\(page.name)")
            #expect(!outline.elements.contains { $0.hasPrefix("style") }, "\(page.name)")
            #expect(outline.elements.filter { $0.hasPrefix("script") } == ["script src type"], "\(page.name)")
        }
    }

    /// Over the wire it is a quarter of that.
    @Test func aFirstLoadIsSmallEvenUncompressed() throws {
        let overview = try #require(Samples(language: .russian).pages.first { $0.name == "overview" })
        let assets = Asset.all.reduce(0) { $0 + $1.bytes.count }
        #expect(overview.html.markup.utf8.count + assets < 130_000)
    }

    @Test func assetsAreTheFilesThatTheyWereMadeOf() throws {
        let check = try TestProcess.run(TestTools.packageRoot + "/script/embed-assets", ["--check"])
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test func anAssetIsKeptUnderItsVersionOnly() {
        #expect(Asset.cacheControl(version: Asset.version) == "public, max-age=31536000, immutable")
        #expect(Asset.cacheControl(version: "0") == "no-store")
    }

    /// A screen reader says why a field is wrong: each names the place of its error, which is there, and there once.
    @Test func everyFieldNamesThePlaceOfItsError() {
        for page in Samples().pages {
            let markup = page.html.markup
            for place in markup.matches(of: /aria-describedby="([^"]+)"/) {
                for id in place.1.split(separator: " ") {
                    #expect(markup.components(separatedBy: " id=\"\(id)\"").count == 2, "\(page.name): \(id)")
                }
            }
            for select in markup.matches(
                of: /<(?:select|textarea|input)[^>]* data-kind="(?:text|number|list|emptiable)"[^>]*>/)
            where !select.0.contains("type=\"hidden\"") && !select.0.contains("data-confirms") {
                #expect(select.0.contains("-error\""), "\(page.name): \(select.0)")
            }
        }
    }

    /// A form without one is sent as GET where JavaScript isn't there yet: with its password in the address.
    @Test func noFormPutsWhatWasTypedIntoTheAddress() {
        for page in Samples().pages {
            for form in page.html.markup.matches(of: /<form [^>]*>/) where !form.0.contains("role=\"search\"") {
                #expect(form.0.contains("method=\"post\""), "\(page.name): \(form.0)")
            }
        }
    }
}
