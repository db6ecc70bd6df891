internal import NIOCore
internal import Synchronization

/// A connection's wait for its place, see ``AddressBook``. It ends once: with the place, or without.
final class Turn: Sendable {
    private let promise: Mutex<EventLoopPromise<Bool>?>
    /// Whether it has the place.
    let result: EventLoopFuture<Bool>

    /// - Parameter limit: for how long it waits.
    init(on loop: any EventLoop, limit: TimeAmount) {
        let promise = loop.makePromise(of: Bool.self)
        self.promise = Mutex(promise)
        result = promise.futureResult
        let deadline = loop.scheduleTask(in: limit) { self.end(false) }
        // A loop that ends runs no task any more.
        deadline.futureResult.whenFailure { _ in self.end(false) }
        result.whenComplete { _ in deadline.cancel() }
    }

    /// - Returns: false when it has ended before: nobody is there to take the place.
    @discardableResult
    func end(_ hasPlace: Bool) -> Bool {
        let promise = promise.withLock { promise in
            defer { promise = nil }
            return promise
        }
        promise?.succeed(hasPlace)
        return promise != nil
    }
}
