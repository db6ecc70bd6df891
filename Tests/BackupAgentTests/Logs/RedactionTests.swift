@testable import BackupAgent
import BackupCore
import BackupFormat
import Foundation
import Logging
import Testing

@Suite struct RedactionTests {
    private static let key = "bkpy_live_" + String(repeating: "aZ09", count: 8)
    private static let pem = "-----BEGIN EC PRIVATE KEY-----\nplanted\nmore\n-----END EC PRIVATE KEY-----"

    /// What goes in, and what must not come out.
    private static let forms: [(String, String)] = [
        ("the key \(key) was refused", "aZ09"), ("x\(key)\(key)", "aZ09"),
        ("Authorization: Bearer planted.planted-_~+/=", "planted"), ("bearer  planted", "planted"),
        ("PUT https://s3/b/k?X-Amz-Algorithm=A&X-Amz-Credential=planted%2Fx&X-Amz-Signature=planted: 403", "planted"),
        ("https://s3/b/k?x-amz-security-token=planted&y=1", "planted"),
        ("https://s3/b/k?AWSAccessKeyId=planted&Signature=planted", "planted"),
        ("postgres://ann:planted@db/app", "planted"), ("postgres://ann:p@lanted:x@db/app", "lanted"),
        ("redis://:planted@db", "planted"), ("https://u:planted@h/p https://v:planted@h", "planted"),
        ("age identity AGE-SECRET-KEY-1PLANTED and age-secret-key-1planted", "PLANTED"),
        ("key: AGE-SECRET-KEY-PQ-1PLANTED", "PLANTED"),
        (pem, "planted"), ("cut short: -----BEGIN PRIVATE KEY-----\nplanted", "planted"),
        ("password=planted host=db", "planted"),
    ]

    @Test(arguments: forms) func formsThatOnlySecretsHave(_ text: String, _ secret: String) {
        let hidden = Redaction().hide(text)
        #expect(hidden.contains("***") && !hidden.lowercased().contains(secret.lowercased()), "\(hidden)")
    }

    @Test func everydayTextStaysAsItIs() {
        for text in [
            "uploaded 12 parts of s3://bucket/prefix/key in 3.2 s", "https://example.com:8443/v1/agents/connect",
            "the bear is here", "a=b, design=yes", "ünïcödé \u{1F600}", "", "-----BEGIN CERTIFICATE-----\nabc",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ] {
            #expect(Redaction().hide(text) == text)
        }
    }

    @Test func registeredValues() {
        let redaction = Redaction(lasting: [Secret("the agent's key")])
        redaction.register(Secret("p@ss w/rd"))
        redaction.register(Secret("p@ss w/rd and more"))
        redaction.register(Secret("abc"))
        #expect(redaction.hide("<p@ss w/rd>, <p@ss w/rd and more>") == "<***>, <***>")
        #expect(redaction.hide("x=p%40ss%20w%2Frd;") == "x=***;")
        #expect(redaction.hide("abc") == "abc", "too short to be told from a word")
        // Bounded: the oldest is forgotten.
        for number in 0..<Redaction.largestCount { redaction.register(Secret("value-\(number)-")) }
        #expect(redaction.hide("value-0- value-1023-") == "*** ***")
        #expect(redaction.hide("p@ss w/rd") == "p@ss w/rd")
        #expect(redaction.hide("<the agent's key>") == "<***>")
    }
}
