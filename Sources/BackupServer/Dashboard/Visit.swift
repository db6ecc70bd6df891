internal import BackupControl
internal import BackupCore
internal import BackupDashboard
internal import FoundationEssentials

/// Somebody's look at a page: checked, and his to see.
struct Visit: Sendable {
    /// nil only on pages that are open to anybody.
    let caller: Caller?
    let context: PageContext
    /// Of the page's path.
    let parameters: [String: String]
    /// Names that a page does not know are passed over.
    let query: [String: String]
    let now: Date

    func text(_ name: String) -> String { query[name] ?? "" }

    /// - Throws: ``APIError`` 404 where the path names nothing that can be.
    func id<Thing>(_: Thing.Type = Thing.self) throws -> Identifier<Thing> { Identifier(try pathText("id")) }

    func backupID() throws -> BackupID {
        guard let id = try? BackupID(try pathText("id")) else { throw APIError.notFound("such page") }
        return id
    }

    func pathText(_ name: String) throws -> String {
        guard let text = parameters[name] else { throw APIError.notFound("such page") }
        return text
    }

    /// The list that the address asks for.
    /// - Parameter filters: those that the page knows.
    func list(_ path: String, filters: [String] = []) -> ListQuery {
        let known = filters.map { ($0, text($0)) }.filter { !$0.1.isEmpty }
        return ListQuery(
            path: path, text: text("q"), filters: Dictionary(uniqueKeysWithValues: known), sort: text("sort"),
            isDescending: text("order") == "desc", cursor: text("cursor"))
    }

    /// The same, for a list that is searched where it is stored.
    func search(limit: Int = ListQuery.pageSize) -> ListSearch {
        ListSearch(
            text: text("q"), sort: text("sort"), isDescending: text("order") == "desc",
            offset: Int(text("cursor")) ?? 0, limit: limit)
    }

    /// A piece of a list that goes by cursors, and is sorted by time: the newest first, unless the address says otherwise.
    var piece: PageRequest {
        PageRequest(
            limit: ListQuery.pageSize, cursor: query["cursor"],
            isOldestFirst: text("sort") == "at" && text("order") != "desc")
    }

    /// The first moment of a day such as `2026-01-31`; nil for none.
    func day(_ name: String) -> Date? { UTCTime(rfc3339: text(name) + "T00:00:00Z")?.date }
    /// The last day counts whole.
    func endOfDay(_ name: String) -> Date? { day(name)?.addingTimeInterval(86_400) }
}
