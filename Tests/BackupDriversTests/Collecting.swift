import BackupCore
import BackupDrivers
import BackupTestSupport
import Foundation
import Synchronization
import Testing

extension DatabaseDriver {
    /// The whole dump, in memory.
    func dumped() async throws -> [UInt8] { try await dumpedWithFingerprint().value }

    func dumpedWithFingerprint() async throws -> Dumped<[UInt8]> {
        try await dump(counting: true) { source in
            try await BlockingThread.run("test") {
                var dump: [UInt8] = []
                let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
                defer { space.deallocate() }
                while case let count = try source.read(into: space), count > 0 {
                    dump.append(contentsOf: space[..<count])
                }
                return dump
            }
        }
    }

    /// - Parameter scope: of the dump; the driver's own when it is nil.
    func restored(
        _ dump: [UInt8], from version: String, tool: String? = nil, scope: DatabaseScope? = nil,
        _ options: RestoreOptions = RestoreOptions()
    ) async throws {
        let facts = DumpFacts(engine: engine, engineVersion: version, toolVersion: tool, scope: scope ?? self.scope)
        _ = try await prepareRestore(of: facts, options: options)
        try await restore(facts, options: options) { sink in
            try await BlockingThread.run("test") {
                // Odd pieces: the sink holds back the last bytes.
                for start in stride(from: 0, to: dump.count, by: 65_521) {
                    try dump[start..<min(start + 65_521, dump.count)].withUnsafeBytes { try sink.write($0) }
                }
            }
        }
    }
}

extension DriverRegistry {
    static func test(_ url: String, environment: [String: String] = [:]) throws -> any DatabaseDriver {
        try driver(for: url, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
    }
}

extension RestoreOptions {
    static func with(_ change: (inout RestoreOptions) -> Void) -> RestoreOptions {
        var options = RestoreOptions()
        change(&options)
        return options
    }
}

/// Names that must stay data in SQL, on command lines and in files of settings.
enum Names {
    static let nasty = [
        "-h", "--help", "a=b", "; rm -rf x", "$(id)", "'\"`", "%s%n", "new\nline", "a\r\nb", "tab\tbed", "sp ace",
        "#hash", "`tick`",
        "back\\slash", "at the end\\", "данные", "emoji🐘", String(repeating: "n", count: 200),
        // Where Swift's characters are not the bytes: a prepended mark, combining marks, a backtick's double, two forms of one.
        "\u{600}`; CREATE DATABASE pwned; -- x", "\u{600}'; x", "`\u{301}; \\! x", "\\\u{301}", "\u{1fef}tick",
        "\u{e9}", "e\u{301}",
    ]
}

/// Whether another process shows `secret` in its command line. Of a short one nobody could tell whose it is.
func isVisible(_ secret: String) -> Bool {
    secret.utf8.count > 6 && processes(with: secret).contains { $0 != getpid() }
}

/// Runs `body` while a thread looks at every command line there is: none may show `secret`.
func unseen<R: Sendable>(_ secret: String, _ body: () async throws -> R) async throws -> R {
    let state = Mutex((isDone: false, isSeen: false, looks: 0))
    async let watcher: Void = BlockingThread.run("watcher") {
        while !state.withLock({ $0.isDone }) {
            let isSeen = isVisible(secret)
            state.withLock { $0 = ($0.isDone, $0.isSeen || isSeen, $0.looks + 1) }
            usleep(1000)
        }
    }
    defer { state.withLock { $0.isDone = true } }
    let value = try await body()
    state.withLock { $0.isDone = true }
    try await watcher
    let (_, isSeen, looks) = state.withLock { $0 }
    #expect(!isSeen && looks > 1, "a command line shows the password")
    return value
}

/// The ids of processes whose command line contains `text`.
func processes(with text: String) -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
    return all.filter { id in
        let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
        return String(decoding: line, as: UTF8.self).contains(text)
    }
}
