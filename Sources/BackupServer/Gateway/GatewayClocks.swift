internal import NIOCore
internal import Synchronization

/// One clock for each event loop, which looks at all of its agents' connections: no timer for each of them.
final class GatewayClocks: Sendable {
    /// Of one event loop, and only touched on it.
    private final class Clock {
        var handlers: [ObjectIdentifier: AgentHandler] = [:]
        var ticking: RepeatedTask?
    }

    private let tick: Duration
    private let clocks = Mutex<[ObjectIdentifier: NIOLoopBound<Clock>]>([:])

    init(tick: Duration) { self.tick = tick }

    func add(_ handler: AgentHandler, on loop: any EventLoop) {
        let clock = clock(of: loop).value
        clock.handlers[ObjectIdentifier(handler)] = handler
        guard clock.ticking == nil else { return }
        let bound = NIOLoopBound(clock, eventLoop: loop)
        clock.ticking = loop.scheduleRepeatedTask(initialDelay: TimeAmount(tick), delay: TimeAmount(tick)) { task in
            let clock = bound.value
            for handler in clock.handlers.values { handler.tick() }
            guard clock.handlers.isEmpty else { return }
            task.cancel()
            clock.ticking = nil
        }
    }

    func remove(_ handler: AgentHandler, on loop: any EventLoop) {
        clock(of: loop).value.handlers[ObjectIdentifier(handler)] = nil
    }

    private func clock(of loop: any EventLoop) -> NIOLoopBound<Clock> {
        clocks.withLock { clocks in
            if let clock = clocks[ObjectIdentifier(loop)] { return clock }
            let clock = NIOLoopBound(Clock(), eventLoop: loop)
            clocks[ObjectIdentifier(loop)] = clock
            return clock
        }
    }
}
