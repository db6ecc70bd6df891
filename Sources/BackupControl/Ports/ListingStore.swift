package import BackupCore
package import FoundationEssentials

/// What people look at: things with the names of those that they belong to, and what happened by days. Each read is one of a bounded
/// number of statements, however long the list is.
package protocol ListingStore: Sendable {
    // MARK: Lists. A page at most.

    /// By `name`, `state`, `targets`, `jobs` or `version`.
    func listAgents(_ search: ListSearch) async throws -> Listing<ListedAgent>
    /// By `name`, `agent` or `next`.
    func listJobs(_ search: ListSearch) async throws -> Listing<ListedJob>
    /// By `name`, `state` or `agent`; with their hours since `from`.
    func listChecks(_ search: ListSearch, hoursFrom from: Date) async throws -> Listing<ListedCheck>
    /// Of these agents, or of all; in the order of agents and names.
    func listTargets(of agents: [AgentRecord.ID]?, limit: Int) async throws -> [ListedTarget]
    /// How many there are of an agent, whatever part of them a page lists.
    func counts(of agent: AgentRecord.ID) async throws -> (targets: Int, jobs: Int)
    /// Of agents that have found something in which the text occurs, or that are called so.
    /// - Parameter limit: of agents.
    func listDiscoveries(_ text: String, of agent: AgentRecord.ID?, limit: Int) async throws -> [ListedDiscovery]
    /// Those that were here once and are not connected now, the longest away last.
    func lostAgents(limit: Int) async throws -> [AgentRecord]
    /// When the newest proven backup of each ended; those without one are left out.
    func provenTimes(of targets: Set<TargetRecord.ID>) async throws -> [TargetRecord.ID: Date]
    func liveRuns(limit: Int) async throws -> [RunRecord]
    /// The last lines, oldest first.
    func lastLogs(of run: BackupID, limit: Int) async throws -> [RunLogLine]

    /// - Parameter wish: some hundred ids at most.
    func names(_ wish: NameWish) async throws -> Names

    // MARK: By days, oldest first

    /// Reads the index of all runs since then: up to half a second for millions of them.
    func runDays(of job: JobRecord.ID?, from: Date) async throws -> [RunDay]
    /// The newest of those that began since then, of a job or of all.
    func lateSpells(of job: JobRecord.ID?, from: Date, limit: Int) async throws -> [LateSpell]
    func storedDays(from: Date) async throws -> [StoredDay]
    /// The largest first.
    func targetUsage(limit: Int) async throws -> [TargetUsage]
}
