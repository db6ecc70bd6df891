package import FoundationEssentials

/// A moment as people and formats write it, in UTC.
package struct UTCTime: Sendable, Hashable {
    package let date: Date

    package init(_ date: Date) { self.date = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)) }

    /// From RFC 3339 in the one form that ``rfc3339`` writes, `2026-01-31T23:59:59Z`; nil when it is something else.
    package init?(rfc3339 text: String) {
        guard text.utf8.count == 20, let date = try? Date(text, strategy: .iso8601) else { return nil }
        self.init(date)
        guard rfc3339 == text else { return nil }
    }

    /// RFC 3339 with whole seconds: `2026-01-31T23:59:59Z`.
    package var rfc3339: String { date.formatted(.iso8601) }

    package var year: String { String(rfc3339.prefix(4)) }
    package var month: String { String(rfc3339.dropFirst(5).prefix(2)) }
    package var day: String { String(rfc3339.dropFirst(8).prefix(2)) }
    /// `20260131`
    package var compactDate: String { year + month + day }
    /// `235959`
    package var compactTime: String { String(rfc3339.dropFirst(11).prefix(8).filter { $0 != ":" }) }
}
