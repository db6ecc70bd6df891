internal import BackupWire
internal import FoundationEssentials

/// A run as the agent's state keeps it: what was asked for, and how far it got.
struct RunRecord: Sendable, Equatable {
    enum Phase: String, Sendable, Codable {
        case waiting
        /// An attempt was begun.
        case running
        /// The store was asked to make an object of the parts: it may be there, and there may be no parts any more.
        case completing
        /// It has ended, and is only kept so that it is not run twice.
        case ended
    }

    let run: RunBackup
    var phase = Phase.waiting
    /// The one that goes on, or that comes next.
    var attempt = 1
    /// Rises from run to run, in the order in which they came.
    var order: UInt64 = 0

    private struct Text: Codable {
        let phase: Phase
        let attempt: Int
        let order: UInt64
        /// The RunBackup as it came; empty once it has ended: its key is of no more use.
        let frame: Data
        let runID: String

        private enum CodingKeys: String, CodingKey {
            case phase, attempt, order, frame
            case runID = "run_id"
        }
    }

    init(_ run: RunBackup, phase: Phase = .waiting, attempt: Int = 1, order: UInt64) {
        self.run = run
        self.phase = phase
        self.attempt = attempt
        self.order = order
    }

    func encoded() throws -> [UInt8] {
        let frame =
            phase == .ended ? [] : try WireCodec.encode(ServerMessage.runBackup(run), seq: 0, timeMilliseconds: 0)
        let text = Text(phase: phase, attempt: attempt, order: order, frame: Data(frame), runID: run.runID)
        return Array(try JSONEncoder().encode(text))
    }

    /// - Throws: what says why the record can't be read.
    init(_ bytes: [UInt8]) throws {
        let text = try JSONDecoder().decode(Text.self, from: Data(bytes))
        var run = RunBackup()
        run.runID = text.runID
        if !text.frame.isEmpty, case .runBackup(let kept) = try WireCodec.decodeFromServer(Array(text.frame)).message {
            run = kept
        }
        self.init(run, phase: text.phase, attempt: text.attempt, order: text.order)
    }
}
