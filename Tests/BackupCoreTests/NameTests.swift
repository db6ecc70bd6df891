import BackupCore
import BackupTestSupport
import Foundation
import Testing

@Suite struct NameTests {
    @Test func whatWouldSteerATerminalIsShown() {
        #expect(VisibleText.of("shop ü 数据 🦆") == "shop ü 数据 🦆")
        #expect(VisibleText.of("a\u{1B}[2Jb\r\u{7F}") == "a\\u{1B}[2Jb\\u{D}\\u{7F}")
        #expect(VisibleText.of("x\u{202E}gpj.exe\u{9B}1m\u{2028}") == "x\\u{202E}gpj.exe\\u{9B}1m\\u{2028}")
        #expect(VisibleText.of("one\ntwo") == "one\\u{A}two")
        #expect(VisibleText.of("one\ntwo\u{8}", keepingLines: true) == "one\ntwo\\u{8}")
    }

    @Test(arguments: ["a", "a/b", "host/данные/2026/01/31/x.zst", String(repeating: "x", count: 1024)])
    func keysThatAreKept(_ text: String) throws {
        #expect(try ObjectKey(text).string == text)
    }

    @Test(arguments: [
        "", "/", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\\b", "a\nb", "a\u{0}b", "a\u{7F}b",
        String(repeating: "x", count: 1025),
    ])
    func keysThatAreRefused(_ text: String) {
        #expect(throws: CoreError.self) { try ObjectKey(text) }
    }

    @Test func keysSortByTheirBytes() throws {
        // U+FF5E sorts before U+1F600 in UTF-8, and behind it in UTF-16.
        #expect(try ObjectKey("\u{FF5E}") < ObjectKey("\u{1F600}"))
        #expect(try ObjectKey("a-b") < ObjectKey("a/b"))
    }

    @Test func anIDBearsItsSecondInUTC() throws {
        var random = SystemRandomNumberGenerator()
        let time = try #require(UTCTime(rfc3339: "2026-01-31T23:59:59Z"))
        let id = BackupID(at: time.date, using: &random)
        #expect(id.string.hasPrefix("20260131-235959-"))
        #expect(try BackupID(id.string) == id)
    }

    @Test(arguments: [
        "", "latest", "20260131-235959-", "20260131-235959-k3v9qzz", "20260131-235959-K3V9QZ",
        "20260131-235959-k3v9ql-",
        "2026013a-235959-k3v9qz", "20260131-235959-k3v9qi", "20260131_235959_k3v9qz", "..",
    ])
    func textThatIsNoID(_ text: String) {
        #expect(throws: CoreError.invalidBackupID(text)) { try BackupID(text) }
    }

    @Test func timesAreCutToSeconds() throws {
        let time = UTCTime(Date(timeIntervalSince1970: 1_769_903_999.9))
        #expect(time.rfc3339 == "2026-01-31T23:59:59Z")
        #expect(UTCTime(rfc3339: time.rfc3339) == time)
        #expect(UTCTime(rfc3339: "yesterday") == nil)
    }

    @Test func aSecretIsNotShown() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect("\(secret) \(String(reflecting: secret)) \(dumped) \([secret])".contains("hunter2") == false)
        #expect(secret.revealed == "hunter2")
    }
}

@Suite struct DirectoryNamesTests {
    @Test func everyNameOfEveryLength() throws {
        let folder = try TemporaryFolder()
        let names = (1...255).map { String(repeating: "n", count: $0) } + [".hidden", "ü ", "new\nline"]
        for name in names { #expect(FileManager.default.createFile(atPath: folder(name), contents: nil)) }
        for _ in 1...50 { #expect(try Set(DirectoryNames.of(folder.path)) == Set(names)) }
        #expect(throws: CoreError.self) { try DirectoryNames.of(folder("missing")) }
    }
}
