internal import BackupCore
internal import BackupWire

/// Which runs wait, which go on, and which may begin now. Pure logic: times go in, runs come out.
///
/// Times are since any fixed moment, by a clock that never jumps. Memory: ``largestQueue`` runs, and ``remembered`` ids.
struct RunBook: Sendable {
    static let largestQueue = 1000
    /// How many runs that have ended are still known, so that a RunBackup whose Ack was lost is not run twice.
    static let remembered = 2000

    enum Acceptance: Sendable, Equatable {
        case new
        /// It waits, goes on, or has ended.
        case known
        case full
    }

    /// A run that may begin.
    struct Start: Sendable, Equatable {
        let run: RunBackup
        /// From 1.
        let attempt: Int
    }

    private struct Entry: Sendable {
        var run: RunBackup
        /// The one that comes next, or that goes on.
        var attempt = 1
        var notBefore = Duration.zero
        var isRunning = false
        /// Not to be begun now: something about it is being written down.
        var isHeld = false

        func mayBegin(at now: Duration) -> Bool { !isRunning && !isHeld && notBefore <= now }
    }

    /// In the order in which they came.
    private var entries: [Entry] = []
    private var ended = RecentIDs(limit: remembered)

    /// - Parameter ended: runs that have ended, the oldest first.
    init(ended: [String] = []) { for id in ended { self.ended.insert(id) } }

    var waitingCount: Int { entries.count { !$0.isRunning } }
    var runningCount: Int { entries.count { $0.isRunning } }
    var runningJobIDs: [String] { entries.filter(\.isRunning).map(\.run.jobID) }
    var runIDs: [String] { entries.map(\.run.runID) }

    func acceptance(of runID: String) -> Acceptance {
        if ended.contains(runID) || entries.contains(where: { $0.run.runID == runID }) { return .known }
        return entries.count < Self.largestQueue ? .new : .full
    }

    /// - Parameters:
    ///   - attempt: the one to begin with: another than the first after a restart.
    ///   - isHeld: whether it must not begin before ``release(_:)``.
    mutating func add(_ run: RunBackup, attempt: Int = 1, isHeld: Bool = false) {
        entries.append(Entry(run: run, attempt: attempt, isHeld: isHeld))
    }

    mutating func hold(_ runID: String) { index(of: runID).map { entries[$0].isHeld = true } }
    mutating func release(_ runID: String) { index(of: runID).map { entries[$0].isHeld = false } }

    /// The runs that may begin now; they count as going on from here.
    ///
    /// Never two of one job at once: a dump that takes longer than its schedule must not meet itself.
    /// - Parameter minute: since midnight, UTC. Runs that nobody asked for wait for the end of a maintenance window.
    mutating func begin(at now: Duration, minute: Int, under configuration: AgentConfiguration) -> [Start] {
        let isPaused = configuration.maintenance?.contains(minute: minute) ?? false
        var starts: [Start] = []
        for index in entries.indices where entries[index].mayBegin(at: now) {
            guard runningCount < configuration.maxParallelJobs else { break }
            let entry = entries[index]
            guard entry.run.isManual || !isPaused, !runningJobIDs.contains(entry.run.jobID) else { continue }
            entries[index].isRunning = true
            starts.append(Start(run: entry.run, attempt: entry.attempt))
        }
        return starts
    }

    /// When a run that waits for its next attempt may begin; nil when none does. One whose time has come and that has to
    /// wait for something else is none of them.
    func nextAttempt(after now: Duration) -> Duration? {
        entries.filter { !$0.isRunning && $0.notBefore > now }.map(\.notBefore).min()
    }

    /// An attempt has failed, and another one follows.
    mutating func again(_ runID: String, notBefore: Duration) {
        guard let index = index(of: runID) else { return }
        entries[index].attempt += 1
        entries[index].notBefore = notBefore
        entries[index].isRunning = false
    }

    /// - Returns: the run that is no longer remembered because of this one.
    @discardableResult
    mutating func end(_ runID: String) -> String? {
        entries.removeAll { $0.run.runID == runID }
        return ended.insert(runID)
    }

    /// Takes a run back that could not be made durable.
    mutating func forget(_ runID: String) { entries.removeAll { $0.run.runID == runID } }

    /// The runs that a cancellation concerns, and whether each goes on.
    func runs(where isMeant: (RunBackup) -> Bool) -> [(run: RunBackup, isRunning: Bool)] {
        entries.filter { isMeant($0.run) }.map { ($0.run, $0.isRunning) }
    }

    private func index(of runID: String) -> Int? { entries.firstIndex { $0.run.runID == runID } }
}

/// The last ids of many. Memory: `limit` of them.
struct RecentIDs: Sendable {
    private let limit: Int
    private var order: [String] = []
    private var known: Set<String> = []

    init(limit: Int) { self.limit = limit }

    func contains(_ id: String) -> Bool { known.contains(id) }

    /// - Returns: the one that had to go for it.
    @discardableResult
    mutating func insert(_ id: String) -> String? {
        guard known.insert(id).inserted else { return nil }
        order.append(id)
        guard order.count > limit else { return nil }
        return known.remove(order.removeFirst())
    }
}
