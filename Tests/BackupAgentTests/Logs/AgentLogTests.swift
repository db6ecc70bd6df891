@testable import BackupAgent
import BackupCore
import BackupFormat
import BackupTestSupport
import Foundation
import Logging
import Testing

@Suite struct AgentLogTests {
    /// A log whose lines go into a file.
    private struct FileLog {
        let folder: TemporaryFolder
        let handle: FileHandle
        let log: AgentLog

        init(level: Logger.Level = .info, redaction: Redaction = Redaction()) throws {
            folder = try TemporaryFolder()
            _ = FileManager.default.createFile(atPath: folder("log"), contents: nil)
            handle = try #require(FileHandle(forWritingAtPath: folder("log")))
            log = AgentLog(
                level: level, redaction: redaction, lines: LineWriter(descriptor: handle.fileDescriptor),
                now: { Date(timeIntervalSince1970: 1_769_903_999.0421) })
        }

        var text: String {
            String(decoding: FileManager.default.contents(atPath: folder("log")) ?? Data(), as: UTF8.self)
        }
        var lines: [[String: String]] {
            get throws {
                try text.split(separator: "\n").map {
                    try JSONDecoder().decode([String: String].self, from: Data($0.utf8))
                }
            }
        }
    }

    @Test func aLineIsJSON() throws {
        let file = try FileLog()
        var logger = file.log.logger()
        logger[metadataKey: "job_id"] = "j1"
        logger.info(
            "a \"quoted\"\nline\u{0}\u{1b}[31m ü \u{2028}", metadata: ["n": "\(7)", "ts": "mine", "list": ["a", "b"]])
        let head =
            #"{"ts":"2026-01-31T23:59:59.042Z","level":"info","msg":"a \"quoted\"\nline\u0000\u001b[31m ü \u2028","#
        #expect(file.text == head + #""job_id":"j1","list":"[\"a\", \"b\"]","n":"7","_ts":"mine"}"# + "\n")
        let line = try #require(try file.lines.first)
        #expect(line["msg"] == "a \"quoted\"\nline\u{0}\u{1b}[31m ü \u{2028}")
        #expect(line["job_id"] == "j1" && line["n"] == "7" && line["_ts"] == "mine" && line["list"] == #"["a", "b"]"#)
    }

    @Test func theLevelCanBeChangedWhileItRuns() throws {
        let file = try FileLog(level: .warning)
        let logger = file.log.logger()
        logger.info("1")
        file.log.level = .trace
        logger.trace("2")
        file.log.level = .error
        logger.warning("3")
        logger.error("4")
        #expect(try file.lines.map { $0["msg"] } == ["2", "4"])
        #expect(try file.lines.map { $0["level"] } == ["trace", "error"])
    }

    @Test func plantedSecretsNeverComeOut() throws {
        struct Holder: CustomStringConvertible, Error {
            let secret = Secret("planted-1")
            let bytes = SecretBytes(Array("planted-2".utf8))
            var description: String { "\(secret) \(bytes)" }
        }
        let redaction = Redaction()
        redaction.register(Secret("planted-3"))
        let file = try FileLog(redaction: redaction)
        let logger = file.log.logger()
        let key = try #require(DataKey(Array(repeating: UInt8(ascii: "p"), count: 32)))
        logger.info(
            "\(Secret("planted-4")) \(key) \(Holder()) postgres://u:planted-5@h planted-3",
            metadata: [
                "a": .stringConvertible(Secret("planted-6")), "b": .string("Bearer planted-7"),
                "c": .array([.stringConvertible(Holder()), .string("https://h/?X-Amz-Signature=planted-8")]),
                "d": .dictionary(["e": .string("planted-3"), "f": .stringConvertible(key)]),
            ])
        logger.error("failed", error: Holder())
        logger.error("failed", error: PipelineLikeError(), metadata: ["g": "\(Optional(Secret("planted-9")) as Any)"])
        #expect(!file.text.contains("planted") && !file.text.contains("pppp"))
        #expect(try file.lines.count == 3)
        #expect(try file.lines[2]["error_code"] == "test.failed" && file.lines[2]["error"] == "it failed with ***")
    }

    private struct PipelineLikeError: BackupError {
        let code = "test.failed"
        let message = "it failed with \(Secret("planted-10"))"
        let hint = ""
        let recovery = Recovery.bug
        var cause: (any Error)? { AgentError.unhealthy("redis://:planted-11@h") }
    }

    @Test func longTextIsCutAfterItsSecretsAreHidden() throws {
        let file = try FileLog()
        let secret = "bkpy_live_" + String(repeating: "Q", count: 32)
        let text =
            String(repeating: "x", count: AgentLog.longestText - 20) + " " + secret
            + String(repeating: "y", count: 9000)
        file.log.logger().info("\(text)")
        #expect(!file.text.contains("QQ") && file.text.utf8.count < AgentLog.longestText + 200)
    }

    @Test func aReaderThatIsGoneOrStoppedHoldsNobodyUp() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[1]) }
        let writer = LineWriter(descriptor: ends[1])
        writer.write("first\n")
        let start = ContinuousClock.now
        // The pipe holds 64 KiB; nobody reads.
        for _ in 0..<200 { writer.write(String(repeating: "x", count: 999) + "\n") }
        #expect(ContinuousClock.now - start < .seconds(5) && writer.dropped > 100)
        // It goes on when the reader does, with whole lines.
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        func received() -> [Substring] {
            let count = read(ends[0], &bytes, bytes.count)
            return String(decoding: bytes[..<max(0, count)], as: UTF8.self).split(separator: "\n")
        }
        let lines = received()
        #expect(lines.first == "first" && lines.count > 15 && lines.dropFirst().allSatisfy { $0.utf8.count == 999 })
        // One that is cut in the middle doesn't take the next one with it.
        let dropped = writer.dropped
        writer.write(String(repeating: "y", count: 100_000) + "\n")
        #expect(writer.dropped == dropped + 1)
        #expect(received().allSatisfy { $0.utf8.count > 50_000 })
        writer.write("last\n")
        #expect(writer.dropped == dropped + 1 && received() == ["last"])
        // The reader goes: the process lives, and its signal does not reach it later either.
        close(ends[0])
        writer.write("into the void\n")
        #expect(writer.dropped == dropped + 2)
    }
}
