internal import BackupCore

/// What a running backup, verification or restore looks like from outside. Read it at any time, from any thread.
package final class Progress: Sendable {
    /// What is going on, in the words of the agent's `current_step`.
    package enum Step: String, Sendable, Codable {
        case connecting
        case dumping
        case validating
        case restoring
        case downloading
        case finished
    }

    private struct State {
        var step = Step.connecting
        var stages: [StageMeter] = []
        var expectedBytes: UInt64?
        var started = ContinuousClock.now
    }

    private let state = Monitor(State())

    package init() {}

    package var step: Step { state.update { $0.step } }
    /// The stages of the current step, in the order in which bytes pass them.
    package var stages: [StageMeter] { state.update { $0.stages } }
    /// About how many bytes the first stage of this step will see.
    package var expectedBytes: UInt64? { state.update { $0.expectedBytes } }
    /// How long the current step has been going on.
    package var elapsed: Duration { state.update { .now - $0.started } }

    /// How much of the current step is done, from 0 to 1, where the number of bytes is known beforehand: not for a
    /// dump, whose size nobody knows before its end.
    package var share: Double? {
        state.update { state in
            guard state.step != .dumping, let expected = state.expectedBytes, expected > 0,
                let first = state.stages.first
            else { return nil }
            return min(Double(first.bytesIn) / Double(expected), 1)
        }
    }

    /// The stage that the others wait for: the one that was busy longest. nil before there is anything to see.
    package var limiting: StageName? {
        stages.filter { $0.busy > .milliseconds(50) }.max { $0.busy < $1.busy }?.name
    }

    func begin(_ step: Step, stages: [StageMeter] = [], expecting bytes: UInt64? = nil) {
        state.update { $0 = State(step: step, stages: stages, expectedBytes: bytes) }
    }
}
