import BackupControl
import Foundation
import Testing

@testable import BackupDashboard

@Suite struct StatusVerdictTests {
    private func page(_ check: HealthCheckRecord.State, _ target: PublicTarget.State) -> String {
        let row = HealthRow(id: "1", name: "site", kind: "https", target: "", agentName: "", state: check)
        let model = StatusPageModel(
            title: "Status", slug: "x", isEnabled: true, checks: [row],
            targets: [PublicTarget(name: "shop", state: target)], incidents: [])
        let context = PageContext(
            language: .english, now: Date(timeIntervalSince1970: 0), path: "/", serverURL: "", version: "1")
        return StatusPages.published(model, context).markup
    }

    /// Green only where each of them is: what nobody has looked at is neither.
    @Test func onlyWhatIsKnownToWorkIsGreen() {
        let english = English()
        let cases: [(HealthCheckRecord.State, PublicTarget.State, String)] = [
            (.up, .protected, english.allUp), (.unknown, .protected, english.someUnknown),
            (.up, .unknown, english.someUnknown), (.down, .unknown, english.someDown), (.up, .late, english.someDown),
        ]
        for (check, target, verdict) in cases {
            for other in [english.allUp, english.someUnknown, english.someDown] {
                #expect(page(check, target).contains(other) == (other == verdict), "\(check), \(target): \(other)")
            }
        }
    }
}
