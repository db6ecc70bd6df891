import BackupCore
import Testing

@Suite struct ByteTextTests {
    @Test(arguments: [
        ("o'brien", "o''brien"), ("x\u{600}'y", "x\u{600}''y"), ("x'\u{301}y", "x''\u{301}y"), ("''", "''''"),
        ("none", "none"), ("", ""),
    ])
    func aQuoteIsFoundWhateverStandsBesideIt(_ text: String, _ expected: String) {
        #expect(text.replacingBytes("'", with: "''").equalsBytes(expected))
    }

    @Test func aLineEndIsFoundInsideAPair() {
        #expect("a\r\nb".replacingBytes("\n", with: "|").equalsBytes("a\r|b"))
        #expect("abc".replacingBytes("", with: "x") == "abc")
    }

    @Test func twoWritingsOfOneLetterAreTwoNames() {
        #expect("caf\u{e9}" == "cafe\u{301}")
        #expect(!"caf\u{e9}".equalsBytes("cafe\u{301}") && "caf\u{e9}".equalsBytes("caf\u{e9}"))
    }

    @Test(arguments: [
        ("shop", 10, "shop"), ("shop", 3, "sho"), ("naïve", 3, "na"), ("naïve", 4, "naï"), ("😀", 3, ""), ("", 0, ""),
        ("e" + String(repeating: "\u{301}", count: 1000), 5, "e\u{301}\u{301}"),
    ])
    func aBeginningHasABoundInBytes(_ text: String, _ limit: Int, _ expected: String) {
        #expect(text.prefix(bytes: limit).equalsBytes(expected))
    }
}
