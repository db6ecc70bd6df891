import BackupControl
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct StatusTests {
    private let now = Records.time("2026-03-01T12:00:00Z")

    private func incident(_ title: String, _ body: String) throws -> IncidentRecord {
        var incident = IncidentRecord(id: .init("i1"), title: title, body: body, startedAt: now)
        try incident.add(.init(at: now, status: .identified, text: "found <it>"))
        try incident.add(.init(at: now.addingTimeInterval(60), status: .resolved, text: "done & over"))
        return incident
    }

    @Test func incidentsMoveWithTheirUpdates() throws {
        var incident = try incident("a", "b")
        #expect(incident.status == .resolved && incident.resolvedAt == now.addingTimeInterval(60))
        try incident.add(.init(at: now.addingTimeInterval(90), status: .monitoring, text: "again"))
        #expect(incident.status == .monitoring && incident.resolvedAt == nil)
    }

    /// What people write must not become markup, and the feed is read by a program that is strict.
    @Test func theFeedIsXMLWhateverIsWritten() throws {
        let nasty = "]]></title><script>alert(1)</script> & \"q\" 'a' \u{0}\u{8}\u{FFFE} ä 🦊"
        let facts = StatusFacts(
            page: StatusPage(title: nasty), checks: [], targets: [], incidents: [try incident(nasty, nasty)])
        let feed = StatusFeed(PublicStatus(facts, at: now), link: "https://h/?a=1&b=2").xml
        #expect(!feed.contains("<script>") && feed.contains("<pubDate>Sun, 01 Mar 2026 12:01:00 GMT</pubDate>"))
        let outcome = try TestProcess.run(
            TestTools.path("python3"),
            [
                "-c",
                """
                import sys, xml.etree.ElementTree as tree
                channel = tree.fromstring(sys.stdin.buffer.read()).find("channel")
                print(channel.find("title").text.count("<script>"), channel.find("link").text,
                      channel.find("item").find("description").text.count("found <it>"))
                """,
            ], input: feed)
        #expect(outcome.output == "1 https://h/?a=1&b=2 1\n", "\(outcome.errors)")
    }

    @Test func nothingIsUpThatIsNotKnownToBe() {
        func status(_ checks: HealthCheckRecord.State, _ target: PublicStatus.Target.State) -> PublicStatus {
            var check = Records.check()
            check.state = checks
            return PublicStatus(
                StatusFacts(
                    page: StatusPage(), checks: [(check, [])],
                    targets: [.init(name: "shop", state: target, lastBackupAt: nil)], incidents: []), at: now)
        }
        #expect(status(.up, .protected).isAllUp)
        #expect(
            !status(.unknown, .protected).isAllUp && !status(.up, .late).isAllUp && !status(.down, .unknown).isAllUp)
        #expect(status(.up, .protected).checks[0].uptime[.day] == 0, "nobody has looked")
    }

    @Test func slugsAreWordsOfURLs() {
        for slug in ["", "A", "a b", "a/b", "..", "-a", "a-", String(repeating: "a", count: 61)] {
            #expect(throws: ControlError.self) { try StatusPage(slug: slug).check() }
        }
        #expect(throws: Never.self) { try StatusPage(slug: "our-status-2").check() }
    }
}
