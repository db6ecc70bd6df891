import BackupControl
import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct LatenessTests {
    private let expectedBy = Records.time("2026-03-02T10:00:00Z")
    private let dueAt = Records.time("2026-03-02T03:00:00Z")

    private func cause(
        run status: RunRecord.Status? = nil, code: String? = nil, madeAt: String = "2026-03-02T03:00:00Z",
        isConnected: Bool = true, gap: ServerGap? = nil
    ) throws -> Lateness.Cause {
        let job = Records.job()
        var run = try status.map { status in
            RunRecord(
                id: try BackupID("20260302-030000-000000"), jobID: job.id, agentID: job.agentID, targetID: job.targetID,
                storageID: job.storageID, status: status, trigger: .schedule, notBefore: dueAt, compression: .zstd,
                engine: .redis, createdAt: Records.time(madeAt))
        }
        run?.failure = code.map { .init(code: $0, message: "no") }
        let facts = Lateness.Facts(
            job: job, agent: Records.agent(isConnected: isConnected, lastSeenAt: dueAt), target: "shop", lastRun: run,
            gap: gap)
        let lateness = Lateness(facts, expectedBy: expectedBy)
        #expect(lateness.dueAt == dueAt)
        return lateness.cause
    }

    @Test func theCauseIsNamedWhateverItIs() throws {
        let id = try BackupID("20260302-030000-000000")
        #expect(try cause(run: .uploading) == .running(id))
        #expect(try cause(run: .uploading, isConnected: false) == .agentGone(lastSeenAt: dueAt))
        #expect(try cause(run: .pending, isConnected: false) == .agentGone(lastSeenAt: dueAt))
        #expect(try cause(run: .pending) == .waiting(id))
        #expect(try cause(run: .cancelled) == .cancelled(id))
        #expect(
            try cause(run: .failed, code: "drivers.login") == .runFailed(.init(code: "drivers.login", message: "no")))
        #expect(try cause(run: .lost, code: "storage.full") == .store(.init(code: "storage.full", message: "no")))
        #expect(try cause() == .notMade)
        #expect(try cause(isConnected: false) == .agentGone(lastSeenAt: dueAt))
        let gap = ServerGap(from: Records.time("2026-03-02T02:00:00Z"), to: Records.time("2026-03-02T04:00:00Z"))
        #expect(try cause(gap: gap) == .serverDown(from: gap.from, to: gap.to))
        #expect(
            try cause(run: .failed, code: "x.y", madeAt: "2026-03-01T03:00:00Z", gap: gap)
                == .serverDown(from: gap.from, to: gap.to))
        let old = ServerGap(from: Records.time("2026-03-01T02:00:00Z"), to: Records.time("2026-03-02T03:00:00Z"))
        #expect(try cause(gap: old) == .notMade)
        // One that runs since long before is the reason too: a job never overlaps itself.
        #expect(try cause(run: .running, madeAt: "2026-03-01T03:00:00Z") == .running(id))
    }
}
