internal import BackupCore
internal import Glibc
internal import Synchronization

/// Turns an RDB file into commands (RESP, "Sending commands to a Redis server").
final class RedisReplay: Sendable {
    private let replaces: Bool
    private let begun = Atomic(false)

    /// - Parameter replaces: whether keys of the same name are replaced, and not an error.
    init(replacing replaces: Bool) { self.replaces = replaces }

    /// Whether the first command may have reached the server.
    var hasBegun: Bool { begun.load(ordering: .relaxed) }

    /// Reads all of `source`, and writes commands to `sink`. For a blocking thread.
    func run(_ source: any ByteSource, into sink: any ByteSink) throws {
        var reader = RDBReader(source)
        let now = UInt64(max(0, Self.milliseconds))
        try reader.forEach { item in
            switch item {
            case .database(let number): try send([Array("SELECT".utf8), Array(String(number).utf8)], to: sink)
            case .function(let code):
                let words = ["FUNCTION", "LOAD"] + (replaces ? ["REPLACE"] : [])
                try send(words.map { Array($0.utf8) } + [code], to: sink)
            case .key(_, expires: let time?, payload: _) where time <= now: break
            case .key(let key, let expires, let payload):
                let options = ["ABSTTL"] + (replaces ? ["REPLACE"] : [])
                try send(
                    [Array("RESTORE".utf8), key, Array(String(expires ?? 0).utf8), payload]
                        + options.map { Array($0.utf8) },
                    to: sink)
            }
        }
    }

    private func send(_ words: [[UInt8]], to sink: any ByteSink) throws {
        begun.store(true, ordering: .relaxed)
        var text = Array("*\(words.count)\r\n".utf8)
        for word in words {
            text += Array("$\(word.count)\r\n".utf8)
            text += word
            text += [0x0d, 0x0a]
        }
        try text.withUnsafeBytes { try sink.write($0) }
    }

    private static var milliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
