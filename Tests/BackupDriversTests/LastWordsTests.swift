import BackupCore
@testable import BackupDrivers
import Foundation
import Testing

@Suite struct LastWordsTests {
    @Test(arguments: ["gehe'im", "x\u{600}", "e\u{301}", "a\r\nb", "caf\u{e9}"])
    func aSecretIsHiddenWhateverStandsBesideIt(_ secret: String) {
        for text in ["\(secret)", "no \u{600}\(secret)\u{301} entry", "\(secret)\n\(secret)"] {
            let said = LastWords.sentence(text, hiding: [Secret(secret)])
            #expect(!said.utf8.contains(secret.utf8) && said.utf8.contains("***".utf8))
        }
    }

    /// Only the end of what was said is kept, and a secret may lie across the beginning of that.
    @Test func aSecretThatWasCutIsHidden() async throws {
        let secret = "geheim-geheim-3"
        for rest in 0...secret.utf8.count + 1 {
            let (reader, writer) = try PipeEnd.pair()
            let text = "before " + secret + String(repeating: ".", count: LastWords.limit - rest)
            let said = try await BlockingThread.run("test") {
                try Array(text.utf8).withUnsafeBytes { try writer.write($0) }
                writer.close()
                return LastWords.collect(from: reader, hiding: [Secret(secret)])
            }
            #expect(
                said.drop { $0 == "*" }.allSatisfy { $0 == "." } || rest > secret.utf8.count,
                "\(rest): \(said.prefix(20))")
        }
    }
}
