internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What was done by whom.
package struct AuditRoutes: Sendable {
    let store: any AuditStore

    package init(store: any AuditStore) { self.store = store }

    private static let filter = [
        QueryParameter("object_kind", .line(1...100), "As the entries have it."),
        QueryParameter("object_id", .id, "What was changed."),
        QueryParameter("actor_id", .id, "Who has changed it."),
        QueryParameter("from", .time, "At or after."),
        QueryParameter("to", .time, "Before."),
    ]

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/audit-log", "listAudit", "All changes, newest first.", tag: "audit", may: .role(.admin),
                query: QueryParameter.page + Self.filter, answers: [.ok(ListDocument<AuditDocument>.self)]
            ) { call in
                let page = try await store.audit(Self.filter(call), call.page)
                return try .list(page.items.map(AuditDocument.init), next: page.nextCursor)
            },
            Endpoint(
                .get, "/v1/audit-log/export", "exportAudit", "All changes as CSV, newest first.", tag: "audit",
                may: .role(.admin), query: Self.filter,
                answers: [AnswerShape(.ok, "a table", mediaType: "text/csv")]
            ) { call in
                let export = AuditExport(store: store, filter: Self.filter(call))
                var answer = Answer(.ok, .stream(mediaType: "text/csv") { try await export.next() })
                answer.headers[.contentDisposition] = "attachment; filename=\"audit-log.csv\""
                return answer
            },
        ]
    }

    private static func filter(_ call: APICall) -> AuditFilter {
        var filter = AuditFilter()
        filter.objectKind = call.query["object_kind"]
        filter.objectID = call.query["object_id"]
        filter.actorID = call.query["actor_id"]
        filter.from = call.time("from")
        filter.to = call.time("to")
        return filter
    }
}

/// The log as CSV (RFC 4180), a page at a time.
private actor AuditExport {
    private enum State {
        case header
        case page(String?)
        case end
    }

    private let store: any AuditStore
    private let filter: AuditFilter
    private var state = State.header

    init(store: any AuditStore, filter: AuditFilter) {
        self.store = store
        self.filter = filter
    }

    func next() async throws -> ByteBuffer? {
        switch state {
        case .header:
            state = .page(nil)
            return ByteBuffer(
                string: "id,at,actor_kind,actor_id,actor_name,address,action,object_kind,object_id,details\r\n")
        case .page(let cursor):
            let page = try await store.audit(filter, PageRequest(limit: 100, cursor: cursor))
            state = page.nextCursor.map { .page($0) } ?? .end
            return ByteBuffer(string: page.items.map { CSVText.line($0.columns) }.joined())
        case .end: return nil
        }
    }
}

extension AuditEntry {
    fileprivate var columns: [String] {
        [
            id.string, UTCTime(at).rfc3339, actor.kind.rawValue, actor.id, actor.name, address, action, objectKind,
            objectID, details,
        ]
    }
}

extension AuditDocument {
    init(_ entry: AuditEntry) {
        self.init(
            id: entry.id.string, at: entry.at, actorKind: entry.actor.kind.rawValue, actorID: entry.actor.id,
            actorName: entry.actor.name, address: entry.address, action: entry.action, objectKind: entry.objectKind,
            objectID: entry.objectID, details: entry.details)
    }
}
