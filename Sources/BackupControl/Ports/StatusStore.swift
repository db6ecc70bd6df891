package import FoundationEssentials

/// The public status page and its incidents.
package protocol StatusStore: Sendable {
    func statusPage() async throws -> StatusPage
    func setStatusPage(_ page: StatusPage) async throws

    /// What can be put on the page: all that is on it, then others by name.
    /// - Parameter limit: of checks, and of targets.
    func statusChoices(limit: Int) async throws -> StatusChoices

    func addIncident(_ incident: IncidentRecord) async throws
    func incident(_ id: IncidentRecord.ID) async throws -> IncidentRecord?
    /// Newest first.
    func incidents(_ page: PageRequest) async throws -> Page<IncidentRecord>
    func updateIncident(_ incident: IncidentRecord) async throws

    /// What the page of that name shows; nil where there is none, or it is turned off.
    func statusFacts(slug: String, at time: Date) async throws -> StatusFacts?
}
