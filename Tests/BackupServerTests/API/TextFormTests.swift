import BackupAPI
import Foundation
import Testing

/// A form's pattern, which callers read, and its check, which they meet, are the same.
@Suite struct TextFormTests {
    private static let texts: [String] = {
        let hosts = [
            "h", "a.b-c_d", "[::1]", "[fe80::1]", "[", "h:", "", "ä", "u@h", "u:p@h", "a b", "127.0.0.1", "::1",
        ]
        let ports = ["", ":1", ":0", ":01", ":443", ":9999", ":10000", ":59999", ":65535", ":65536", ":70000", ":x"]
        let paths = ["", "/", "/a?b=c#d", "?x", "#x", "/%zz", "/a b", "/\u{e9}", "\n", "/x\n"]
        var texts: [String] = []
        for host in hosts {
            for port in ports {
                texts += [host + port, "-\(host)\(port)"]
                for path in paths {
                    texts += ["http://", "https://", "HTTP://", "ftp://"].map { $0 + host + port + path }
                }
            }
        }
        return texts + [
            "-100123", "@name_1", "@", "123:abc-D_e", "1:", ":a", "a", "a@b", "a@b.c", "a@", "env:X", "file:/x", "x:y",
            "0 3 * * *", "@daily", "@never", "24:00", "23:59", "123456", "12345", "a-b", "a--b", "-a", "A", "\u{0}",
            "a\tb", "a\u{7f}", "3a", "6a6b", "30", "3031", "jobs", "jobs,agents", "jobs,x", "0", "ff", "fg", "e\u{301}",
        ]
    }()

    @Test(arguments: TextForm.allCases)
    func aPatternAndItsCheckAgree(_ form: TextForm) throws {
        guard let pattern = form.pattern else { return }
        // ICU's `$` also stands before a last line break; that of ECMAScript does not.
        let expression = try NSRegularExpression(pattern: pattern.dropLast() + "\\z")
        for text in Self.texts {
            let range = NSRange(text.startIndex..., in: text)
            let fits = expression.firstMatch(in: text, range: range) != nil
            #expect(form.matches(text) == fits, "\(form): \(text.debugDescription)")
        }
    }
}
