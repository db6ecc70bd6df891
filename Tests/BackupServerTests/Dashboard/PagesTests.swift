import BackupAPI
import BackupControl
import BackupControlStore
import BackupCore
import BackupServer
import BackupTestSupport
import Foundation
import HTTPTypes
import Testing

/// Every page of a server that runs.
@Suite struct PagesTests {
    private static let attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

    private func installation(text: (String) -> String = { $0 }) async throws -> (
        server: TestServer, samples: PageSamples, owner: Browser
    ) {
        let server = try await TestServer()
        _ = try await server.owner()
        let samples = try await PageSamples(server.server.database, text: text)
        return (server, samples, try await Browser(server, email: "owner@example.com"))
    }

    private func browser(_ role: String, _ server: TestServer) async throws -> Browser {
        let person = try await server.person(role, by: try await server.login("owner@example.com"))
        let user = try #require(try await server.server.database.user(.init(person.id)))
        return try await Browser(server, email: user.email)
    }

    // MARK: What is served

    @Test(arguments: ["en", "ru"]) func everyPageIsServed(language: String) async throws {
        let (_, samples, signedIn) = try await installation()
        var owner = signedIn
        owner.language = language
        for path in samples.paths + [
            "/audit", "/status/example", "/?start=done", "/health?period=24h", "/runs?status=failed",
        ] {
            let reply = try await owner.get(path)
            #expect(reply.status == 200, "\(path): \(reply.status)")
            let markup = try Markup(reply.body)
            #expect(
                markup.elements.first == "html data-theme lang" && reply.body.contains("<html lang=\"\(language)\""))
            #expect(markup.elements.filter { $0.hasPrefix("script") } == ["script src type"], "\(path)")
            #expect(reply.headers["content-type"] == "text/html; charset=utf-8")
            #expect(reply.headers["cache-control"] == "no-store" && reply.headers["x-frame-options"] == "DENY")
            #expect(reply.headers["x-content-type-options"] == "nosniff")
            #expect(reply.headers["content-security-policy"]?.contains("default-src 'none'; script-src 'self'") == true)
        }
    }

    @Test func agentsAreToldTheirOwnWayToTheServer() async throws {
        let server = try await TestServer(publicURL: "http://people.test", agentURL: "http://agents.test:8080")
        _ = try await server.owner()
        let owner = try await Browser(server, email: "owner@example.com")
        #expect(try await owner.get("/agents").body.contains("BACKUPY_SERVER_URL: http://agents.test:8080\n"))
        #expect(try await owner.get("/settings").body.contains("http://people.test"))
    }

    @Test func pagesShowWhatIsStored() async throws {
        let (_, samples, owner) = try await installation()
        let run = try await owner.get("/runs/\(samples.failed.id)").body
        #expect(run.contains("no access") && run.contains("pg_dump said no") && run.contains("driver.tool_failed"))
        let failed = try await owner.get("/runs?status=failed").body
        #expect(failed.contains(samples.failed.id.string) && !failed.contains(samples.proven.id.string))
        #expect(try await !owner.get("/runs?from=2001-01-01&to=2001-01-02").body.contains(samples.failed.id.string))
        let agent = try await owner.get("/agents/\(samples.agent.id)").body
        #expect(agent.contains("shop-db-1") && agent.contains("web-1.example.net") && agent.contains("db:5432"))
        #expect(try await owner.get("/storage").body.contains("1.2\u{A0}MB"))
    }

    /// Where they are sorted, all of them are, and not the page that happens to be shown.
    @Test func runsRestoresAndTheAuditLogAreSortedWhole() async throws {
        let (_, samples, owner) = try await installation()
        let runs = [samples.proven, samples.failed, samples.live].map(\.id.string)
        for (query, expected) in [
            ("", runs.reversed()), ("?sort=at", runs), ("?sort=at&order=desc", runs.reversed()),
            ("?sort=size", runs.reversed()),
        ] {
            let page = try await owner.get("/runs\(query)").body
            let shown = page.matches(of: /data-row="([^"]+)"/).map { String($0.1) }
            #expect(shown == expected, "\(query)")
        }
        for path in ["/runs", "/restores", "/audit"] {
            let page = try await owner.get(path).body
            let links = page.matches(of: /\?sort=([a-z]+)/).map { String($0.1) }
            #expect(links == ["at"], "\(path)")
            let sorted = try await owner.get("\(path)?sort=at").body
            #expect(sorted.contains("aria-sort=\"ascending\""), "\(path)")
        }
    }

    /// The calendar says what was missed, and where a run is held up its page.
    @Test func whatWasMissedAndWhatLimitsIsShown() async throws {
        let (server, samples, owner) = try await installation()
        let database = server.server.database
        let job = samples.job
        try await database.sql.write { connection in
            try connection.run(
                "UPDATE jobs SET expected_by = ? WHERE id = ?",
                [SQLValue(Date().addingTimeInterval(-3 * 86_400)), .text(job.id.string)])
        }
        #expect(try await database.raiseLateness(at: Date(), limit: 10) { _, _ in nil }.count == 1)
        for path in ["/", "/jobs/\(job.id)"] {
            let page = try await owner.get(path).body
            #expect(page.contains("0 proven, 0 failed, 1 missed"), "\(path)")
        }
        try await database.sql.write { connection in
            try connection.run("UPDATE runs SET status = 'running' WHERE id = ?", [.text(samples.live.id.string)])
        }
        for (step, stage) in [("dumping", "dump"), ("compressing", "compress and encrypt"), ("uploading", "upload")] {
            let progress = RunProgress(status: .running, percent: 5, step: step, bytesDone: 5_000_000, at: Date())
            _ = try await database.advance(samples.live.id, agent: samples.agent.id, progress)
            let page = try await owner.get("/runs/\(samples.live.id)").body
            let limiting = try #require(page.firstMatch(of: /class="stage limit"><[^>]+>([^<]+)<.*?>([^<]+)</))
            #expect(limiting.1 == stage && limiting.2 == "limits the speed", "\(step)")
            #expect(page.matches(of: /keeps up/).count == 2)
        }
    }

    /// What is a target already can't be protected once more: it lacks a job, and its button makes that.
    @Test func aTargetWithoutAJobIsOfferedOne() async throws {
        let (server, samples, owner) = try await installation()
        for path in ["/discovered", "/agents/\(samples.agent.id)"] {
            let page = try await owner.get(path).body
            #expect(page.matches(of: /data-api="POST \/v1\/agents\/[^"]+\/protect"/).count == 1, "\(path)")
            #expect(page.matches(of: /data-api="POST \/v1\/agents\/[^"]+\/jobs"/).count == 1, "\(path)")
            #expect(page.contains("aria-label=\"Add a job for wiki-db-1\""))
        }
        let page = try await owner.get("/discovered").body
        let form = try #require(page.firstMatch(of: /<form method="post" data-api="POST (\S+\/jobs)".*?<\/form>/))
        let fields = form.0.matches(of: /name="([^"]+)" value="([^"]+)" data-kind="([^"]+)"/).map { field in
            "\"\(field.1)\":" + (field.3 == "number" ? String(field.2) : "\"\(field.2)\"")
        }
        let reply = try await server.send(
            "POST", String(form.1), "{\(fields.joined(separator: ","))}",
            token: try await server.login("owner@example.com"))
        #expect(reply.status == 201, "\(reply.body)")
        let job = try reply.document(JobDocument.self)
        #expect(job.targetID == samples.bare.id.string && job.cron == "0 2 * * *" && job.jitterS == 7200)
        #expect(try await !owner.get("/discovered").body.contains("Add a job for"))
    }

    @Test func longListsComeInPagesAndCanBeSearched() async throws {
        let (server, _, owner) = try await installation()
        var random = SystemRandomNumberGenerator()
        for number in 0..<60 {
            let name = "many-" + (number < 10 ? "0" : "") + "\(number)"
            let agent = AgentRecord(id: Identifier(at: Date(), using: &random), name: name, createdAt: Date())
            try await server.server.database.addAgent(agent, keyHash: Array(name.utf8))
        }
        let first = try await owner.get("/agents?q=many").body
        #expect(first.contains("many-00") && first.contains("many-49") && !first.contains("many-50"))
        #expect(first.contains("cursor=50"))
        let second = try await owner.get("/agents?q=many&cursor=50").body
        #expect(second.contains("many-50") && second.contains("many-59") && !second.contains("many-49"))
        let backwards = try await owner.get("/agents?q=many&sort=name&order=desc").body
        #expect(backwards.contains("many-59") && !backwards.contains("many-05"))
    }

    /// Saving sends what is listed: what is on the page must be among it, however many there are. And late is late.
    @Test func whatIsPublishedIsAlwaysListedWithItsState() async throws {
        let (server, samples, owner) = try await installation()
        let database = server.server.database
        var random = SystemRandomNumberGenerator()
        var last = ""
        for number in 0..<110 {
            let target = TargetRecord(
                id: Identifier(at: Date(), using: &random), agentID: samples.agent.id, name: "zz-\(1000 + number)",
                engine: .redis, createdAt: Date())
            try await database.addTarget(target)
            last = target.id.string
        }
        var page = try await database.statusPage()
        page.targets = [samples.job.targetID, TargetRecord.ID(last)]
        try await database.setStatusPage(page)
        try await database.sql.write { connection in
            try connection.run("UPDATE jobs SET late_alerted_at = 1 WHERE id = ?", [.text(samples.job.id.string)])
        }
        let text = try await owner.get("/status-page").body
        #expect(text.contains("name=\"target_ids\" value=\"\(last)\" data-kind=\"choice\" checked=\"\""))
        #expect(text.matches(of: /name="target_ids"/).count == 100 && text.contains("Not all are in this list"))
        let viewer = try await browser("viewer", server).get("/status-page").body
        let components = try #require(viewer.firstMatch(of: /id="components"(.|\n)*?<\/section>/)).0
        #expect(components.contains(">late<") && !components.contains(">protected<"))
    }

    /// A chosen agent stays chosen, and what is deleted is counted, however long the lists are.
    @Test func longListsSayWhatIsThereAndNotWhatIsShown() async throws {
        let (server, samples, owner) = try await installation()
        let database = server.server.database
        var random = SystemRandomNumberGenerator()
        var last = ""
        for number in 0..<110 {
            let agent = AgentRecord(
                id: Identifier(at: Date(), using: &random), name: "zz-\(1000 + number)", createdAt: Date())
            try await database.addAgent(agent, keyHash: Array("\(number)".utf8))
            last = agent.id.string
            let job = JobRecord(
                id: Identifier(at: Date(), using: &random), agentID: samples.agent.id, targetID: samples.target.id,
                storageID: samples.job.storageID, name: "many-\(number)", createdAt: Date())
            try await database.addJob(job)
        }
        let runs = try await owner.get("/runs?agent_id=\(last)").body
        #expect(runs.contains("<option value=\"\(last)\" selected=\"\">zz-1109</option>"))
        #expect(try await owner.get("/health").body.contains("Not all are in this list"))
        let agent = try await owner.get("/agents/\(samples.agent.id)").body
        let count = try await database.counts(of: samples.agent.id).jobs
        #expect(count > 110 && agent.contains("\(count) jobs"), "the question before deleting counts all")
        #expect(agent.contains("href=\"/jobs?q="))
    }

    /// Without the database that a backup comes from, nothing is chosen; and what was typed must be the name of what is chosen.
    @Test func aRestoreNamesWhereItGoes() async throws {
        let (server, samples, owner) = try await installation()
        let database = server.server.database
        let path = "/runs/\(samples.proven.id)"
        let own = samples.proven.targetID.string
        let target = try #require(try await database.target(samples.proven.targetID))
        let chosen = "value=\"\(own)\" data-name=\"\(target.name)\" data-database=\"\(target.database)\" selected=\"\""
        #expect(try await owner.get(path).body.contains(chosen))
        var random = SystemRandomNumberGenerator()
        let other = TargetRecord(
            id: Identifier(at: Date(), using: &random), agentID: samples.agent.id, name: "another",
            engine: samples.proven.engine, database: "d", createdAt: Date())
        try await database.addTarget(other)
        let session = try await server.login("owner@example.com")
        for (name, status) in [(target.name, 400), ("another", 202)] {
            let body = #"{"target_id":"\#(other.id)","overwrite":true,"confirm":"\#(name)"}"#
            let reply = try await server.send("POST", "/v1/runs/\(samples.proven.id)/restore", body, token: session)
            #expect(reply.status == status, "\(name): \(reply.body)")
        }
        // What runs keeps its target.
        _ = try await database.finish(samples.live.id, agent: nil, .cancelled, at: Date())
        try await database.deleteTarget(samples.proven.targetID)
        let page = try await owner.get(path).body
        #expect(page.contains("value=\"\" data-name=\"\" disabled=\"\" selected=\"\""))
        #expect(
            page.matches(of: /data-database="[^"]*" selected/).isEmpty && page.contains("the database chosen above"))
    }

    @Test func whatIsNotThereIsAPageThatSaysSo() async throws {
        let (server, samples, owner) = try await installation()
        for path in [
            "/nothing", "/agents/nothing", "/jobs/nothing", "/runs/20260101-000000-zzzzzz", "/runs/nothing",
            "/status/other", "/agents/%3Cscript%3E", "/jobs/\(samples.agent.id)", "/runs?cursor=zz",
            "/agents/" + String(repeating: "a", count: 500),
        ] {
            let reply = try await owner.get(path)
            #expect(reply.status == 404, "\(path): \(reply.status)")
            #expect(try Markup(reply.body).text.contains("Not here"), "\(path)")
            #expect(reply.headers["content-security-policy"]?.contains("script-src 'self'") == true)
        }
        // Programs get the API's form.
        #expect(try await server.send("GET", "/nothing").error?.code == .resourceNotFound)
        #expect(try await owner.get("/v1/nothing").body.contains("RESOURCE_NOT_FOUND"))
    }

    // MARK: Who sees what

    @Test func theFirstStartLeadsToTheSetupAndLaterToTheLogin() async throws {
        let server = try await TestServer()
        let nobody = Browser(server)
        for path in ["/", "/agents", "/login"] {
            let reply = try await nobody.get(path)
            #expect(reply.status == 303 && reply.headers["location"] == "/setup", "\(path)")
        }
        #expect(try Markup(try await nobody.get("/setup").body).values.contains("POST /v1/auth/setup"))
        _ = try await server.owner()
        #expect(try await nobody.get("/setup").headers["location"] == "/login")
        #expect(try await nobody.get("/").headers["location"] == "/login")
        #expect(
            try await nobody.get("/runs?status=failed").headers["location"] == "/login?then=%2Fruns%3Fstatus%3Dfailed")
        let owner = try await Browser(server, email: "owner@example.com")
        #expect(try await owner.get("/login?then=%2Fjobs").headers["location"] == "/jobs")
        #expect(try await owner.get("/").status == 200)
    }

    @Test func withoutASessionThereIsNoPage() async throws {
        let (server, samples, owner) = try await installation()
        var stranger = Browser(server)
        for cookie in ["", "backupy_session=bkw_" + String(repeating: "a", count: 52), "backupy_session=x"] {
            stranger.cookie = cookie
            for path in samples.paths + ["/audit"] {
                let reply = try await stranger.get(path)
                #expect(reply.status == 303 && reply.headers["location"]?.hasPrefix("/login") == true, "\(path)")
                #expect(reply.body.isEmpty)
            }
        }
        #expect(try await stranger.get("/status/example").status == 200, "that one is for everybody")
        // A token of a program is no session of a browser.
        let token = try await server.send(
            "POST", "/v1/api-tokens", #"{"name":"t","role":"owner"}"#,
            token: try await server.login("owner@example.com")
        ).document(APITokenDocument.self).token
        stranger.cookie = "backupy_session=\(token ?? "")"
        #expect(try await stranger.get("/").status == 303)
        _ = try await server.send(
            "POST", "/v1/auth/logout", token: owner.cookie.split(separator: "=").last.map(String.init))
        #expect(try await owner.get("/").status == 303, "the session has ended")
    }

    /// Each form's request is one of the API's, and one that the reader's role may send.
    @Test(arguments: ["owner", "admin", "operator", "viewer"])
    func noPageOffersWhatItsReaderMayNot(role: String) async throws {
        let (server, samples, owner) = try await installation()
        let reader = role == "owner" ? owner : try await browser(role, server)
        let endpoints = server.server.table.endpoints
        for path in samples.paths {
            let reply = try await reader.get(path)
            let isForbidden = role == "viewer" && path == "/notifications"
            #expect(reply.status == (isForbidden ? 403 : 200), "\(path)")
            for request in reply.body.matches(of: /data-(?:api|after)="([A-Z]+) ([^"]+)"/) {
                let (method, target) = (String(request.1), String(request.2))
                let endpoint = endpoints.first { $0.method.rawValue == method && Self.fits(target, $0.path) }
                guard let endpoint else {
                    Issue.record("\(path): no route for \(method) \(target)")
                    continue
                }
                if case .role(let least) = endpoint.permission {
                    #expect((Role(rawValue: role) ?? .viewer) >= least, "\(path): \(method) \(target)")
                }
            }
        }
        let audit = try await reader.get("/audit")
        #expect(audit.status == (role == "owner" || role == "admin" ? 200 : 403))
        #expect(try await reader.get("/").body.contains("href=\"/audit\"") == (audit.status == 200))
    }

    private static func fits(_ path: String, _ template: String) -> Bool {
        let parts = path.split(separator: "/")
        let names = template.split(separator: "/")
        return parts.count == names.count && zip(parts, names).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
    }

    @Test func aViewerSeesNothingThatHarms() async throws {
        let (server, samples, _) = try await installation()
        let viewer = try await browser("viewer", server)
        for path in samples.paths where path != "/settings" && path != "/notifications" {
            let body = try await viewer.get(path).body
            let requests = body.matches(of: /data-api="([^"]+)"/).map { String($0.1) }
            #expect(Set(requests) == ["POST /v1/auth/logout"], "\(path)")
            #expect(!body.contains("<dialog"), "\(path)")
        }
    }

    // MARK: Hostile

    @Test func hostileTextIsShownAsText() async throws {
        let (_, samples, owner) = try await installation { "\($0)\(Self.attack)" }
        for path in samples.paths + ["/audit", "/status/example"] {
            let reply = try await owner.get(path)
            #expect(reply.status == 200, "\(path)")
            let markup = try Markup(reply.body)
            #expect(markup.elements.filter { $0.hasPrefix("script") } == ["script src type"], "\(path)")
            #expect(!markup.elements.contains { $0.hasPrefix("img") || $0.contains("onerror") }, "\(path)")
            #expect(markup.text.contains(Self.attack), "\(path)")
        }
        for path in ["/agents?q=\(Self.encoded)", "/runs?from=\(Self.encoded)&agent_id=\(Self.encoded)"] {
            let markup = try Markup(try await owner.get(path).body)
            #expect(markup.elements.filter { $0.hasPrefix("script") } == ["script src type"], "\(path)")
            #expect(markup.values.contains { $0.contains(Self.attack) }, "\(path)")
        }
    }

    private static let encoded = PercentEncoding.encoded(attack)

    @Test(arguments: [
        "//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "",
        "/x\r\nSet-Cookie: a=b", "evil", "/{token}", "/<script>",
    ])
    func nobodyIsLedElsewhere(then: String) async throws {
        let server = try await TestServer()
        _ = try await server.owner()
        let encoded = PercentEncoding.encoded(then)
        let page = try await Browser(server).get("/login?then=\(encoded)")
        #expect(page.status == 200 && page.body.contains("data-then=\"/\""), "\(page.body)")
        let owner = try await Browser(server, email: "owner@example.com")
        #expect(try await owner.get("/login?then=\(encoded)").headers["location"] == "/")
        let token = try #require(try await owner.get("/").body.firstMatch(of: /name="csrf_token" value="([^"]+)"/)).1
        let set = try await owner.post("/preferences", "csrf_token=\(token)&theme=dark&back=\(encoded)")
        #expect(set.status == 303 && set.headers["location"] == "/")
    }

    /// The cookie is SameSite=Strict: a link from a mail brings none, and the page is asked for once more from here.
    @Test func aLinkOfAnotherSiteLeadsToThePage() async throws {
        let (server, _, owner) = try await installation()
        let cross = [("Sec-Fetch-Site", "cross-site")]
        let reply = try await Browser(server).get("/runs?status=failed", headers: cross)
        #expect(reply.status == 200 && reply.body.contains("content=\"0; url=/runs?status=failed\""), "\(reply.body)")
        #expect(!reply.body.contains("csrf"))
        #expect(try await owner.get("/runs", headers: cross).body.contains("<main"))
    }

    @Test func tooManyPagesAreTold() async throws {
        let server = try await TestServer(limits: { $0.pagesPerMinute = 10 })
        _ = try await server.owner()
        let owner = try await Browser(server, email: "owner@example.com")
        var replies: [TestServer.Reply] = []
        for _ in 0..<20 { replies.append(try await owner.get("/jobs")) }
        let refused = try #require(replies.first { $0.status == 429 })
        #expect(try Markup(refused.body).text.contains("Too fast") && refused.headers["retry-after"] != nil)
        #expect(
            try await server.send("GET", "/v1/me", token: try await server.login("owner@example.com")).status == 200)
    }

    @Test func whatIsNotThereCostsToo() async throws {
        let server = try await TestServer(limits: { $0.publicRequestsPerMinute = 10 })
        var statuses: [Int] = []
        for number in 0..<20 { statuses.append(try await Browser(server).get("/nothing-\(number)").status) }
        #expect(statuses.first == 404 && statuses.last == 429, "\(statuses)")
    }
}
