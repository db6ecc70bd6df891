internal import BackupCore
internal import BackupWire
internal import Logging

extension AgentSession {
    /// Keeps a connection until the task is cancelled. Then the outbox is sent for a bounded time, and the connection closed.
    package func run() async {
        let (stops, stop) = AsyncStream<Never>.makeStream()
        // A task of its own, which is awaited here: what has to be said before the end is said after the cancellation.
        let work = Task { await self.work(until: stops) }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            stop.finish()
        }
    }

    private func work(until stops: AsyncStream<Never>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.connectAgainAndAgain() }
            for await _ in stops {}
            await drain()
            group.cancelAll()
        }
        status.state = .stopped
    }

    private func connectAgainAndAgain() async {
        while !Task.isCancelled {
            status.state = .connecting
            let error = await connectOnce()
            if Task.isCancelled { return }
            let wait = ended(error)
            do {
                try await settings.pause(wait)
            } catch {
                return
            }
        }
    }

    /// Writes down why a connection ended.
    /// - Returns: how long to wait for the next.
    private func ended(_ error: any Error) -> Duration {
        status.lastError = error as? SessionError
        status.state = .backingOff
        let wait: Duration
        var level = Logger.Level.warning
        switch error {
        case SessionError.unauthorized:
            status.state = .unauthorized
            wait = backoff.jittered(settings.unauthorizedPause)
            level = hasToldOfRefusal ? .debug : .error
        case SessionError.replaced: wait = backoff.jittered(settings.replacedPause)
        default: wait = backoff.next()
        }
        hasToldOfRefusal = status.state == .unauthorized
        let hint = (error as? any BackupError)?.hint ?? ""
        logger.log(
            level: level, "no connection to the server",
            metadata: ["error": "\(error)", "hint": "\(hint)", "next_attempt_in": "\(wait)"])
        return wait
    }

    /// Waits until everything has arrived, for a bounded time, and says goodbye.
    private func drain() async {
        let end = now + settings.closingGrace
        do {
            while let live, live.isReady, now < end {
                if live.window.isEmpty, try await outbox.pending(after: nil, limit: 1).isEmpty { break }
                try await Task.sleep(for: .milliseconds(20))
            }
        } catch {
            logger.warning("the outbox can't be read", metadata: ["error": "\(error)"])
        }
        // "Going away".
        await live?.socket.close(code: 1001)
    }
}
