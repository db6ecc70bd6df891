import BackupCore
import BackupFormat
import BackupStorage
import BackupTestSupport
import BackupWire
import Foundation
import Testing

/// The agent in a network of its own, whose link is cut while runs go on: nothing is lost, and nothing is done twice.
@Suite(.serialized) struct AgentNetworkTests {
    /// `BACKUPY_TEST_CUTS`; some, where nothing is said. With a number, the last cut is longer than the silence that a
    /// connection may have.
    private let cuts = ProcessInfo.processInfo.environment["BACKUPY_TEST_CUTS"].flatMap { Int($0) }

    enum Cut: String, CaseIterable {
        /// Both ends see that there is no carrier.
        case link
        /// Packets vanish, and nobody is told.
        case silence
    }

    @Test(arguments: Cut.allCases) func everyRunEndsOnce(_ cut: Cut) async throws {
        guard let network = try TestNetwork() else { return }
        func set(_ isCut: Bool) throws {
            switch cut {
            case .link: try network.setLink(isUp: !isCut)
            case .silence: try network.setSilent(isCut)
            }
        }
        let jobs = ["a", "b"].map {
            Job(id: $0, targetID: "target", retry: Job.Retry(maxAttempts: 5, backoffSeconds: [1]))
        }
        let agent = try await AgentFixture(jobs: jobs, in: network)
        let process = try await agent.start()
        let recipients = [X25519Identity.random().recipient.description]
        let count = cuts ?? 3
        for number in 0..<count {
            for job in jobs {
                try await agent.plane.order("run-\(job.id)-\(number)", job: job.id) { $0.recipients = recipients }
            }
            // The moment is the point, and so is how long it lasts.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...800)))
            try set(true)
            if cuts != nil, number == count - 1 {
                try await eventually("the agent gives the connection up", within: .seconds(120)) {
                    process.words.contains("the server has said nothing for 90 s")
                }
            } else {
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...3000)))
            }
            try set(false)
        }
        try await eventually("every run has ended", within: .seconds(120 + 5 * count)) {
            guard process.isRunning else { throw TestFailure("the agent ended: \(process.words.suffix(3000))") }
            return agent.plane.allRuns.allSatisfy { $0.end != nil }
        }
        let runs = agent.plane.allRuns
        #expect(runs.count == 2 * count && runs.allSatisfy { $0.ends.count == 1 && $0.completed != nil })
        #expect(try await agent.plane.store.unfinishedUploads().isEmpty)
        print(
            "\(runs.count) runs, \(count) cuts (\(cut.rawValue)), \(agent.plane.peer.connections.count) connections: "
                + "all stored, each told once")
        process.stop()
        #expect(process.exitStatus == 0, "\(process.words.suffix(2000))")
    }
}
