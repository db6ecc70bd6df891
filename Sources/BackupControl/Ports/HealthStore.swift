package import FoundationEssentials

/// Health checks, what they found, and the sums of it.
package protocol HealthStore: Sendable {
    /// - Throws: ``ControlError/conflict(_:)`` where the name is taken.
    func addHealthCheck(_ check: HealthCheckRecord) async throws
    func healthCheck(_ id: HealthCheckRecord.ID) async throws -> HealthCheckRecord?
    func healthChecks(of agent: AgentRecord.ID?, _ page: PageRequest) async throws -> Page<HealthCheckRecord>
    /// All that a person may change. The state stays, but that of a check that is turned off is unknown from then on: nobody looks. Turned
    /// on again it begins anew, so that what is still down is told.
    func updateHealthCheck(_ check: HealthCheckRecord, at time: Date) async throws
    func deleteHealthCheck(_ id: HealthCheckRecord.ID) async throws

    /// Stores what an agent has found, moves the checks' states, and tells what is news, in one write.
    ///
    /// The same result twice is one. What comes late counts for the hour it is of, and changes no state; what is older than single
    /// results are kept is left out, and a time in the future is taken for now. Checks that are not the agent's are passed over, and the
    /// last words about one that was just turned off change no state either.
    func recordHealth(_ observations: [HealthObservation], from agent: AgentRecord.ID, at time: Date) async throws
    /// Newest first.
    func healthResults(of check: HealthCheckRecord.ID, _ page: PageRequest) async throws -> Page<HealthObservation>
    /// Oldest first.
    func healthHours(of check: HealthCheckRecord.ID, from: Date) async throws -> [HealthHour]
    /// In bounded pieces.
    func pruneHealth(resultsBefore: Date, hoursBefore: Date) async throws
}

package enum HealthRetention {
    /// Of single results.
    package static let results = Duration.seconds(7 * 86_400)
    /// Of hourly sums.
    package static let hours = Duration.seconds(400 * 86_400)
}
