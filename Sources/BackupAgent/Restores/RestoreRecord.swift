internal import BackupWire
internal import FoundationEssentials

/// A restore as the agent's state keeps it.
struct RestoreRecord: Sendable, Equatable {
    enum Phase: String, Sendable, Codable {
        case waiting
        /// It has begun to change its target.
        case running
        /// It is only kept so that it is not made twice.
        case ended
    }

    let restore: RunRestore
    var phase = Phase.waiting
    /// Rises from restore to restore, in the order in which they came.
    var order: UInt64 = 0

    private struct Text: Codable {
        let phase: Phase
        let order: UInt64
        /// The RunRestore as it came; empty once it has ended: its key is of no more use.
        let frame: Data
        let restoreID: String

        private enum CodingKeys: String, CodingKey {
            case phase, order, frame
            case restoreID = "restore_id"
        }
    }

    init(_ restore: RunRestore, phase: Phase = .waiting, order: UInt64) {
        self.restore = restore
        self.phase = phase
        self.order = order
    }

    func encoded() throws -> [UInt8] {
        let frame =
            phase == .ended
            ? [] : try WireCodec.encode(ServerMessage.runRestore(restore), seq: 0, timeMilliseconds: 0)
        let text = Text(phase: phase, order: order, frame: Data(frame), restoreID: restore.restoreID)
        return Array(try JSONEncoder().encode(text))
    }

    /// - Throws: what says why the record can't be read.
    init(_ bytes: [UInt8]) throws {
        let text = try JSONDecoder().decode(Text.self, from: Data(bytes))
        var restore = RunRestore()
        restore.restoreID = text.restoreID
        if !text.frame.isEmpty, case .runRestore(let kept) = try WireCodec.decodeFromServer(Array(text.frame)).message {
            restore = kept
        }
        self.init(restore, phase: text.phase, order: text.order)
    }
}
