internal import BackupCore
internal import BackupWire

/// Tries targets before somebody saves them, one after another.
///
/// Memory: ``largestQueue`` targets.
final class ConnectionTester: Sendable {
    static let largestQueue = 16
    /// A database that doesn't answer within it is not well.
    static let limit = Duration.seconds(30)

    private struct Question: Sendable {
        let target: Target
        let correlationID: String
    }

    private let surroundings: Surroundings
    private let questions: AsyncStream<Question>
    private let ask: AsyncStream<Question>.Continuation

    init(surroundings: Surroundings) {
        self.surroundings = surroundings
        (questions, ask) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.largestQueue))
    }

    /// Returns at once. A question too many gets no answer, and whoever asked asks again.
    func test(_ target: Target, correlationID: String) {
        ask.yield(Question(target: target, correlationID: correlationID))
    }

    func run() async {
        for await question in questions {
            let result = await test(question.target)
            await surroundings.link.post(.testConnectionResult(result), correlationID: question.correlationID)
        }
    }

    private func test(_ target: Target) async -> ConnectionTest {
        var result = ConnectionTest()
        let started = ContinuousClock.now
        do {
            let connector = TargetConnector(surroundings: surroundings)
            let facts = try await TimeLimit.run(Self.limit) {
                try await connector.driver(for: connector.allowed(target)).probe()
            }
            result.isOK = true
            result.engineVersion = facts.engineVersion
            result.toolVersion = facts.toolVersion ?? ""
            result.sizeBytes = facts.sizeBytes ?? 0
        } catch {
            let failure: any Error = error is TimeLimit.Exceeded ? RunError.timedOut(Self.limit) : error
            result.error = ErrorReport(failure, hiding: surroundings.redaction)
        }
        result.latencyMilliseconds = UInt32(clamping: Int64((.now - started) / .milliseconds(1)))
        return result
    }
}
