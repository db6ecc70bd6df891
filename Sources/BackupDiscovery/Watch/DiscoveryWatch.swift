package import BackupCore
internal import Synchronization

/// Follows a host's containers, and tells which databases are in them whenever that changes.
///
/// Three loops: one follows the engine's events, one looks, one looks closer. The engine may be away, slow or broken for as long as it
/// likes; that is said once, and once more when it is back. Memory: two pictures of the host.
package final class DiscoveryWatch: Sendable {
    /// Gives the databases on.
    /// - Returns: false where that is not possible now; it is tried again.
    package typealias Report = @Sendable ([DiscoveredDatabase]) async -> Bool

    private let engine: any ContainerEngine
    private let looks: CloserLooks
    private let pace: DiscoveryPace
    private let said: @Sendable (DiscoveryNotice) -> Void
    private let trouble = Mutex(EngineTrouble())
    // One element: what happens meanwhile is one reason to look.
    private let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let (pictures, picture) = AsyncStream.makeStream(
        of: [ContainerFacts].self, bufferingPolicy: .bufferingNewest(1))

    package init(
        _ engine: any ContainerEngine, looks: CloserLooks, pace: DiscoveryPace = DiscoveryPace(),
        said: @escaping @Sendable (DiscoveryNotice) -> Void
    ) {
        self.engine = engine
        self.looks = looks
        self.pace = pace
        self.said = said
    }

    /// Until it is cancelled. Once for each watch.
    package func run(report: @escaping Report) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.followEvents() }
            group.addTask { await self.lookAtTimes() }
            group.addTask { await self.lookCloser() }
            await self.look(report)
        }
    }

    // MARK: Events

    /// Each connection begins with a look: that makes up for what was missed.
    private func followEvents() async {
        var retry = pace.firstRetry
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let reason = await followOnce()
            // A stream that stood for a while was well.
            if ContinuousClock.now - start > pace.longestRetry { retry = pace.firstRetry }
            guard !Task.isCancelled else { return }
            note { $0.failed(.events, reason) }
            do { try await Task.sleep(for: retry) } catch { return }
            retry = min(retry * 2, pace.longestRetry)
            // Where there are no events, there is at least this.
            wake.yield()
        }
    }

    /// - Returns: why it has ended.
    private func followOnce() async -> String {
        await withTaskGroup(of: String?.self) { group in
            let (listening, listens) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            group.addTask { [engine, wake] in
                do {
                    try await engine.follow { signal in
                        if signal == .listening { listens.yield() }
                        wake.yield()
                    }
                    return "it has ended its stream of events"
                } catch {
                    return Self.words(error)
                }
            }
            group.addTask { [pace] in
                for await _ in listening {
                    do { try await Task.sleep(for: pace.steady) } catch { return nil }
                    self.note { $0.worked(.events) }
                }
                return nil
            }
            defer { group.cancelAll() }
            for await reason in group { if let reason { return reason } }
            return "nobody listens any more"
        }
    }

    private func lookAtTimes() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: pace.interval) } catch { return }
            await looks.forgetFiles()
            wake.yield()
        }
    }

    // MARK: Looks

    private func look(_ report: Report) async {
        let pass = DiscoveryPass(engine, looks: looks)
        var budget = ReportBudget(pace)
        var reported: [DiscoveredDatabase]?
        var retry = pace.firstRetry
        wake.yield()
        for await _ in wakes {
            do {
                try await Task.sleep(for: pace.settling)
                let containers = try await limited { [engine] in try await engine.containers() }
                note { $0.worked(.listing) }
                retry = pace.firstRetry
                picture.yield(containers)
                let found = await pass.databases(in: containers)
                guard found != reported else { continue }
                guard await report(found) else {
                    try await Task.sleep(for: pace.nextReport)
                    wake.yield()
                    continue
                }
                reported = found
                try await Task.sleep(for: budget.spend(at: .now))
            } catch {
                if Task.isCancelled { return }
                note { $0.failed(.listing, Self.words(error)) }
                do { try await Task.sleep(for: retry) } catch { return }
                retry = min(retry * 2, pace.longestRetry)
                wake.yield()
            }
        }
    }

    private func lookCloser() async {
        for await containers in pictures {
            let before = await DiscoveryPass(engine, looks: looks).databases(in: containers)
            let isUnfinished = await looks.look(at: containers)
            if await DiscoveryPass(engine, looks: looks).databases(in: containers) != before { wake.yield() }
            guard isUnfinished else { continue }
            do { try await Task.sleep(for: pace.nextLook) } catch { return }
            wake.yield()
        }
    }

    // MARK: Words

    private func note(_ change: (inout EngineTrouble) -> DiscoveryNotice?) {
        if let notice = trouble.withLock({ change(&$0) }) { said(notice) }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as any BackupError: error.message
        case let error as TooSlow: "it needs longer than \(error.limit.components.seconds) s to list its containers"
        default: "\(type(of: error))"
        }
    }

    private struct TooSlow: Error {
        let limit: Duration
    }

    private func limited<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { [pace] group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: pace.longestPass)
                throw TooSlow(limit: pace.longestPass)
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
