package import FoundationEssentials

/// What an overview is read from.
package protocol OverviewStore: Sendable {
    func overview(at time: Date) async throws -> Overview
}
