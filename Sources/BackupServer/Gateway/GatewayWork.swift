/// The tasks that work for all agents: as many as there are workers, however many agents there are.
///
/// Memory: as many jobs as may wait.
package struct GatewayWork: Sendable {
    package typealias Job = @Sendable () async -> Void

    private let jobs: AsyncStream<Job>
    private let door: AsyncStream<Job>.Continuation
    private let workers: Int

    package init(workers: Int, waiting: Int) {
        (jobs, door) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(waiting))
        self.workers = workers
    }

    /// - Returns: false where too much waits already, or nothing is done any more.
    package func submit(_ job: @escaping Job) -> Bool {
        if case .enqueued = door.yield(job) { true } else { false }
    }

    /// Works until the task is cancelled, or ``finish()``; jobs that have begun end by themselves.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            var active = 0
            for await job in jobs {
                if active == workers {
                    await group.next()
                    active -= 1
                }
                group.addTask { await job() }
                active += 1
            }
        }
    }

    package func finish() { door.finish() }
}
