internal import BackupWire
internal import FoundationEssentials

/// A restore as the agent's state keeps it.
struct RestoreRecord: Sendable, Equatable {
    let restore: RunRestore
    /// Whether it has begun to change its target.
    var isRunning = false

    private struct Text: Codable {
        let isRunning: Bool
        let frame: Data

        private enum CodingKeys: String, CodingKey {
            case frame
            case isRunning = "is_running"
        }
    }

    init(_ restore: RunRestore, isRunning: Bool = false) {
        self.restore = restore
        self.isRunning = isRunning
    }

    func encoded() throws -> [UInt8] {
        let frame = try WireCodec.encode(ServerMessage.runRestore(restore), seq: 0, timeMilliseconds: 0)
        return Array(try JSONEncoder().encode(Text(isRunning: isRunning, frame: Data(frame))))
    }

    /// nil for a record that holds no restore.
    init?(_ bytes: [UInt8]) throws {
        let text = try JSONDecoder().decode(Text.self, from: Data(bytes))
        guard case .runRestore(let restore) = try WireCodec.decodeFromServer(Array(text.frame)).message else {
            return nil
        }
        self.init(restore, isRunning: text.isRunning)
    }
}
