import BackupCore
import BackupTestSupport
import Foundation
import Glibc
import Testing

@Suite struct BlockingThreadTests {
    @Test func workBehindOtherWorkNeedsNoNewThread() async throws {
        var threads: Set<pthread_t> = []
        for _ in 0..<100 { threads.insert(try await BlockingThread.run("one after another") { pthread_self() }) }
        // Other tests may take the one that waits, or leave theirs.
        #expect(threads.count < 50)
    }

    @Test func workThatBlocksHoldsUpNoOther() async throws {
        let gates = (0..<40).map { _ in BlockPool(blockSize: 1, count: 1) }
        let taken = try gates.map { try $0.take() }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for gate in gates { group.addTask { try await BlockingThread.run("blocks") { try gate.take().capacity } } }
            let answer = try await BlockingThread.run("goes on") { 7 }
            #expect(answer == 7)
            for gate in gates { gate.close() }
            var ended = 0
            while let result = await group.nextResult() {
                #expect(throws: CancellationError.self) { try result.get() }
                ended += 1
            }
            #expect(ended == 40)
        }
        #expect(taken.count == 40)
    }

    /// A descriptor or a password that it had must not stay for as long as the thread waits for more.
    @Test func nothingIsLeftOfWorkThatIsDone() async throws {
        final class Held: Sendable {}
        for _ in 0..<20 {
            weak var gone: Held?
            do {
                let held = Held()
                gone = held
                try await BlockingThread.run("holds") { withExtendedLifetime(held) {} }
            }
            try await eventually("it is let go", within: .seconds(2)) { gone == nil }
        }
    }

    @Test func aThreadHasTheNameOfItsWork() async throws {
        for name in ["first", "second"] {
            let seen = try await BlockingThread.run(name) {
                try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            }
            #expect(seen == name + "\n")
        }
    }

    @Test func whoReadsNoMoreEndsNothing() async throws {
        for _ in 0..<3 {
            let failure = try await BlockingThread.run("writes") { () -> Int32 in
                var ends: [Int32] = [0, 0]
                guard pipe(&ends) == 0 else { return -1 }
                close(ends[0])
                defer { close(ends[1]) }
                return write(ends[1], "x", 1) < 0 ? errno : 0
            }
            #expect(failure == EPIPE)
        }
    }
}
