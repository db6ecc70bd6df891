import BackupCore
import BackupFormat
import BackupTestSupport
import Foundation
import Testing

@Suite struct KeyTests {
    @Test func keysAreThoseOfAge() throws {
        let folder = try TemporaryFolder()
        #expect(try TestProcess.run("/usr/bin/age-keygen", ["-o", folder("key")]).status == 0)
        let bytes = Array(try #require(FileManager.default.contents(atPath: folder("key"))))
        let identity = try #require(try AgeKeyFile.parse(bytes, name: "key").first as? X25519Identity)
        let printed = try TestProcess.run("/usr/bin/age-keygen", ["-y", folder("key")]).output
        #expect(printed == identity.recipient.description + "\n")

        let ours = X25519Identity.random()
        try AgeKeyFile.text(of: ours, created: Date()).write(toFile: folder("ours"), atomically: true, encoding: .utf8)
        #expect(try TestProcess.run("/usr/bin/age-keygen", ["-y", folder("ours")]).output == "\(ours.recipient)\n")
        #expect(try AgeKeyFile.parse(Array(AgeKeyFile.text(of: ours, created: Date()).utf8), name: "ours").count == 1)
    }

    @Test(arguments: ["", "# only a comment\n", "AGE-SECRET-KEY-1ABC\n", "age1notakey", "AGE-SECRET-KEY-1\u{0}"])
    func filesWithoutKeys(_ text: String) {
        #expect(throws: FormatError.self) { try AgeKeyFile.parse(Array(text.utf8), name: "file") }
    }

    @Test func anErrorNeverRepeatsALine() throws {
        let text = X25519Identity.random().secretText.dropLast(1) + "B"
        let error = #expect(throws: FormatError.self) { try AgeKeyFile.parse(Array(text.utf8), name: "file") }
        #expect(error?.message.contains(text.suffix(20)) == false)
    }

    @Test(arguments: [
        "", "age1", "AGE1QQQ", "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
        "ssh-ed25519 AAAA",
    ])
    func textThatIsNoRecipient(_ text: String) { #expect(throws: FormatError.self) { try X25519Recipient(text) } }

    @Test func aKeyIsNotShown() {
        let identity = X25519Identity.random()
        #expect("\(identity) \(String(reflecting: identity))".contains("SECRET") == false)
        var dumped = ""
        dump(identity, to: &dumped)
        #expect(!dumped.contains("SECRET") && !dumped.contains("privateKey"))
    }
}
