package import FoundationEssentials

/// What was done by whom. Nothing is ever taken out of it through the API; what is older than ``HistoryRetention/audit`` goes by itself.
package protocol AuditStore: Sendable {
    func appendAudit(_ entry: AuditEntry) async throws
    /// Newest first.
    func audit(_ filter: AuditFilter, _ page: PageRequest) async throws -> Page<AuditEntry>
}

package struct AuditFilter: Sendable {
    package var objectKind: String?
    package var objectID: String?
    package var actorID: String?
    package var from: Date?
    package var to: Date?
    package init() {}
}
