internal import BackupCore

/// The thread that an actor runs on: what blocks there blocks nothing else.
///
/// Memory: as many waiting calls as the actor's callers have begun.
final class StateThread: SerialExecutor {
    private struct Queue {
        var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
        var isOver = false
    }

    private let queue: Monitor<Queue>

    init(_ name: String) throws(CoreError) {
        let queue = Monitor(Queue())
        self.queue = queue
        try BlockingThread.start(name) { Self.loop(queue) }
    }

    deinit { queue.update { $0.isOver = true } }

    func enqueue(_ job: consuming ExecutorJob) {
        let entry = (UnownedJob(job), asUnownedSerialExecutor())
        queue.update { $0.jobs.append(entry) }
    }

    /// Ends once nobody holds the executor: its actor is gone, and with it every job.
    private static func loop(_ queue: Monitor<Queue>) {
        while true {
            let jobs: [(UnownedJob, UnownedSerialExecutor)] = queue.wait { queue in
                guard !queue.jobs.isEmpty else { return queue.isOver ? [] : nil }
                defer { queue.jobs = [] }
                return queue.jobs
            }
            if jobs.isEmpty { return }
            for (job, executor) in jobs { job.runSynchronously(on: executor) }
        }
    }
}
