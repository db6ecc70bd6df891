internal import BackupControl
internal import BackupCore
internal import FoundationEssentials
internal import Logging

/// Sends what waits to be told. Memory: ``batch`` notices.
struct DeliveryDesk: Sendable {
    private static let batch = 16
    private static let atOnce = 4
    /// Longer than a sender may take for all of a batch.
    private static let lease: TimeInterval = 300
    /// To one channel; what comes faster is a flood, and waits.
    private static let perMinute = 20
    /// Old news are none.
    private static let oldest: TimeInterval = 86_400

    let store: any NoticeStore
    let sender: any NoticeSender
    let replica: String
    let logger: Logger
    let now: @Sendable () -> Date

    /// - Returns: in how long something is due.
    func pass() async throws -> Duration? {
        while !Task.isCancelled {
            let time = now()
            let deliveries = try await store.claimDeliveries(
                replica: replica, until: time.addingTimeInterval(Self.lease), at: time, limit: Self.batch,
                perMinute: Self.perMinute)
            await send(deliveries)
            guard deliveries.count == Self.batch else { break }
        }
        guard let next = try await store.nextDeliveryAt() else { return nil }
        // What is due and was not taken waits for others, or for its channel.
        return .seconds(max(5, next.timeIntervalSince(now())))
    }

    private func send(_ deliveries: [Delivery]) async {
        await withTaskGroup(of: Void.self) { group in
            for (place, delivery) in deliveries.enumerated() {
                if place >= Self.atOnce { await group.next() }
                group.addTask { await self.send(delivery) }
            }
        }
    }

    private func send(_ delivery: Delivery) async {
        let outcome = await outcome(of: delivery)
        do {
            try await store.settle(delivery, outcome, at: now())
        } catch {
            // It is sent again when the lease is over: rather twice than never.
            logger.error("that a notice was sent could not be written", error: error)
        }
    }

    private func outcome(of delivery: Delivery) async -> DeliveryOutcome {
        guard now().timeIntervalSince(delivery.madeAt) < Self.oldest else {
            return .failed("it was too old", retryAt: nil)
        }
        do {
            try await sender.send(delivery.notice, to: delivery.channel)
            return .sent
        } catch {
            let known = error as? DeliveryError
            var wait: Duration?
            if case .throttled(_, let seconds) = known { wait = .seconds(seconds) }
            let retryAt = DeliveryBackoff.next(
                attempts: delivery.attempt, madeAt: delivery.madeAt, wait: wait, now: now())
            logger.log(
                level: retryAt == nil ? .error : .warning,
                retryAt == nil ? "a notice could not be sent, and is given up" : "a notice could not be sent",
                error: error,
                metadata: ["channel_id": "\(delivery.channel.id)", "kind": "\(delivery.notice.kind.rawValue)"])
            return .failed(known?.description ?? "something unexpected went wrong", retryAt: retryAt)
        }
    }
}
