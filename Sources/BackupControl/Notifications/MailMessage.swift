internal import BackupCore
internal import FoundationEssentials

/// A notice as mail, RFC 5322: everything that comes from elsewhere is encoded, so that nothing of it can begin a header or end the message.
package struct MailMessage: Sendable {
    /// Of a line, without its end.
    private static let lineLength = 76

    private let email: ChannelRecord.Email
    private let notice: Notice

    package init(_ notice: Notice, _ email: ChannelRecord.Email) {
        self.notice = notice
        self.email = email
    }

    /// With CRLF at the ends of its lines.
    package var text: String {
        let host = email.from.split(separator: "@").last.map(String.init) ?? "backupy"
        let headers = [
            "Date: \(Self.date(notice.at))", "From: Backupy <\(email.from)>",
            "To: " + email.to.joined(separator: ",\r\n "), "Subject: \(Self.encodedWords("[Backupy] \(notice.title)"))",
            "Message-ID: <\(Self.base64(notice.dedupKey, safe: true))@\(host)>", "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        ]
        return (headers + [""] + body).joined(separator: "\r\n") + "\r\n"
    }

    private var body: [String] {
        let lines = [notice.title, ""] + notice.lines + ["", UTCTime(notice.at).rfc3339]
        var rest = Substring(Self.base64(lines.joined(separator: "\r\n") + "\r\n"))
        var body: [String] = []
        while !rest.isEmpty {
            body.append(String(rest.prefix(Self.lineLength)))
            rest = rest.dropFirst(Self.lineLength)
        }
        return body
    }

    /// RFC 2047. A word has whole characters and at most 75 bytes.
    static func encodedWords(_ text: String) -> String {
        var (words, part): ([String], String) = ([], "")
        for character in text {
            if part.utf8.count + String(character).utf8.count > 42 {
                words.append(part)
                part = ""
            }
            part.append(character)
        }
        words.append(part)
        return words.map { "=?utf-8?B?\(base64($0))?=" }.joined(separator: "\r\n ")
    }

    private static func base64(_ text: String, safe: Bool = false) -> String {
        let text = Data(text.utf8).base64EncodedString()
        return safe ? text.filter { $0.isLetter || $0.isNumber } : text
    }

    private static func date(_ time: Date) -> String {
        String(StatusFeed.date(time).dropLast(3)) + "+0000"
    }
}
