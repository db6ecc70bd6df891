internal import BackupCore
internal import FoundationEssentials
internal import Logging
internal import ServiceLifecycle

/// Work that is done again and again until the server stops: when its time has come, or when the database told that there is something.
/// Every replica does it; whatever is claimed or noted there is done once.
struct ServerLoop: Service {
    /// One look.
    /// - Returns: in how long there is something to do; nil for what is usual.
    typealias Pass = @Sendable () async throws -> Duration?

    let name: String
    /// Wake-ups that concern it.
    var topics: Set<String> = []
    /// How long it waits at most; also how late it notices that the clock was set.
    let interval: Duration
    /// Between two looks, whatever is told.
    var pause = Duration.seconds(1)
    let wakeUps: @Sendable () -> AsyncStream<String?>
    let logger: Logger
    let pass: Pass

    func run() async throws { await cancelWhenGracefulShutdown { await loop() } }

    private func loop() async {
        let bell = Bell()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await topic in wakeUps() where topic.map(topics.contains) ?? true { bell.ring() }
            }
            while !Task.isCancelled {
                let wait = await look()
                do { try await Task.sleep(for: pause) } catch { break }
                await bell.wait(atMost: max(.zero, min(wait ?? interval, interval) - pause))
            }
            group.cancelAll()
        }
    }

    private func look() async -> Duration? {
        do {
            return try await pass()
        } catch is CancellationError {
            return nil
        } catch {
            logger.error("\(name): it could not be done, and is tried again", error: error)
            return nil
        }
    }
}
