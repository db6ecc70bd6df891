internal import BackupCore
internal import FoundationEssentials

/// The incidents as RSS 2.0.
package struct StatusFeed: Sendable {
    /// An entry for each update would be long: the newest incidents, each with all of its updates.
    private static let mostItems = 50

    private let status: PublicStatus
    private let link: String

    /// - Parameter link: of the public page.
    package init(_ status: PublicStatus, link: String) {
        self.status = status
        self.link = link
    }

    package var xml: String {
        let items = status.incidents.prefix(Self.mostItems).map(item).joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0"><channel><title>\(Self.escaped(status.title))</title><link>\(Self.escaped(link))</link>\
            <description>\(Self.escaped("Incidents of \(status.title)"))</description>\(items)</channel></rss>

            """
    }

    private func item(_ incident: IncidentRecord) -> String {
        let updates = incident.updates.reversed().map {
            "\(UTCTime($0.at).rfc3339) \($0.status.rawValue): \($0.text)"
        }
        let newest = incident.updates.last?.at ?? incident.startedAt
        return """
            <item><title>\(Self.escaped("[\(incident.status.rawValue)] \(incident.title)"))</title>\
            <link>\(Self.escaped(link))</link>\
            <guid isPermaLink="false">\(Self.escaped("\(incident.id)/\(incident.updates.count)"))</guid>\
            <pubDate>\(Self.date(newest))</pubDate>\
            <description>\(Self.escaped((updates + [incident.body]).joined(separator: "\n")))</description></item>
            """
    }

    /// RFC 822, as RSS wants it: `Sat, 31 Jan 2026 23:59:59 GMT`.
    static func date(_ time: Date) -> String {
        let seconds = time.wholeSeconds ?? 0
        let date = CivilDate(dayNumber: seconds.flooredQuotient(86_400))
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = UTCTime(time).rfc3339.dropFirst(11).prefix(8)
        return "\(days[date.weekday]), \(UTCTime(time).day) \(months[date.month - 1]) \(date.year) \(clock) GMT"
    }

    /// Also without the characters that XML 1.0 can't have at all.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            default:
                let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
            }
        }
        return result
    }
}
