import BackupAPI
import BackupDashboard
import BackupServer
import BackupTestSupport
import Foundation
import Testing

/// How pages and their files come over the wire: small, kept where they may be, in the reader's colours and language.
@Suite struct PageDeliveryTests {
    @Test func filesAreKeptForEverAndAskedForOnce() async throws {
        let server = try await TestServer()
        let browser = Browser(server)
        for asset in Asset.all {
            let reply = try await browser.get(Asset.path(asset.name))
            #expect(reply.status == 200 && reply.body == asset.text && reply.headers["content-type"] == asset.type)
            #expect(reply.headers["cache-control"] == "public, max-age=31536000, immutable")
            #expect(reply.headers["x-content-type-options"] == "nosniff")
            let tag = try #require(reply.headers["etag"])
            let again = try await browser.get(Asset.path(asset.name), headers: [("If-None-Match", "\"x\", \(tag)")])
            #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == tag)
            let packed = try await browser.get(
                Asset.path(asset.name), headers: [("Accept-Encoding", "br, gzip;q=0.5"), ("If-None-Match", tag)])
            #expect(packed.status == 200 && packed.headers["content-encoding"] == "gzip", "it is another form")
        }
        // A page of another version gets a file that works, and keeps it not.
        let other = try await browser.get("/assets/0/dashboard.css")
        #expect(other.status == 200 && other.headers["cache-control"] == "no-store")
        for path in ["/assets/\(Asset.version)/none.js", "/assets/\(Asset.version)/..%2f"] {
            #expect(try await browser.get(path).status == 404, "\(path)")
        }
    }

    @Test func aFirstLoadHasLessThan100KB() async throws {
        let server = try await TestServer()
        _ = try await server.owner()
        _ = try await PageSamples(server.server.database)
        var owner = try await Browser(server, email: "owner@example.com")
        owner.language = "ru"
        // What a browser loads: the page, what it links, and what that imports.
        var (paths, sum, number) = (["/"], 0, 0)
        while number < paths.count {
            let path = paths[number]
            let reply = try await owner.get(path, headers: [("Accept-Encoding", "gzip")])
            #expect(reply.status == 200 && reply.headers["content-encoding"] == "gzip", "\(path)")
            sum += try #require(reply.headers["content-length"].flatMap { Int($0) })
            let text = try await owner.get(path).body
            let found =
                text.matches(of: /(?:href|src)="(\/assets\/[^"]+)"/).map { String($0.1) }
                + text.matches(of: /from "\.\/([a-z]+\.js)"/).map { Asset.path(String($0.1)) }
            paths += found.filter { !paths.contains($0) }
            number += 1
        }
        #expect(paths.count == Asset.all.count + 1, "each of them, and nothing twice")
        print("the first page: \(sum) bytes compressed, in \(paths.count) files")
        #expect(sum < 100_000)
        #expect(try await owner.get("/", headers: [("Accept-Encoding", "gzip;q=0")]).headers["content-encoding"] == nil)
    }

    /// Everywhere the reader's language has words for each code of the API's refusals.
    @Test(arguments: ["en", "ru"]) func everyRefusalHasWords(language: String) async throws {
        let server = try await TestServer()
        _ = try await server.owner()
        var owner = try await Browser(server, email: "owner@example.com")
        owner.language = language
        let page = try await owner.get("/jobs").body
        var words: Set<Substring> = []
        for code in APIErrorCode.allCases {
            let name = code.rawValue.lowercased().replacing("_", with: "-")
            let text = try #require(page.firstMatch(of: try Regex("data-refusal-\(name)=\"([^\"]+)\""))?[1].substring)
            words.insert(text)
            #expect(text.contains { "а" <= $0 && $0 <= "я" } == (language == "ru"), "\(code): \(text)")
        }
        #expect(words.count == APIErrorCode.allCases.count)
    }

    @Test func coloursAndLanguageAreTheReadersChoice() async throws {
        let server = try await TestServer()
        _ = try await server.owner()
        var owner = try await Browser(server, email: "owner@example.com")
        owner.language = "ru-RU,ru;q=0.9,en;q=0.5"
        let page = try await owner.get("/jobs").body
        #expect(page.contains("<html lang=\"ru\" data-theme=\"system\">"))
        let token = try #require(page.firstMatch(of: /name="csrf_token" value="([^"]+)"/)).1
        let form = "csrf_token=\(token)&theme=dark&language=en&back=%2Fjobs%3Fq%3Da"
        let reply = try await owner.post("/preferences", form)
        #expect(reply.status == 303 && reply.headers["location"] == "/jobs?q=a")
        let set = try #require(reply.headers["set-cookie"])
        #expect(set.split(separator: "\n").allSatisfy { $0.contains("HttpOnly") && $0.contains("SameSite=Lax") })
        owner.cookie += "; backupy_theme=dark; backupy_language=en"
        #expect(try await owner.get("/jobs").body.contains("<html lang=\"en\" data-theme=\"dark\">"))
        owner.cookie += "; backupy_theme=\"><script>; backupy_language=xx"
        #expect(try await owner.get("/jobs").status == 200)
    }

    @Test func anotherSitesFormChangesNothing() async throws {
        let server = try await TestServer()
        _ = try await server.owner()
        let owner = try await Browser(server, email: "owner@example.com")
        for form in ["theme=dark", "theme=dark&csrf_token=wrong"] {
            let reply = try await owner.post("/preferences", form)
            #expect(reply.status == 403 && reply.headers["set-cookie"] == nil, "\(form)")
        }
        let nobody = Browser(server)
        let forged = try await nobody.post("/preferences", "theme=dark", headers: [("Sec-Fetch-Site", "cross-site")])
        #expect(forged.status == 403)
        let own = try await nobody.post("/preferences", "theme=dark&back=%2Flogin")
        #expect(own.status == 303 && own.headers["set-cookie"]?.hasPrefix("backupy_theme=dark;") == true)
        #expect(try await nobody.post("/preferences", String(repeating: "x", count: 50_000)).status == 413)
        #expect(try await nobody.post("/preferences", "theme=puce&language=xx").headers["set-cookie"] == nil)
    }
}
