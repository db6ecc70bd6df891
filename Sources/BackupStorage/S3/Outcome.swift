internal import Synchronization

/// What is known of a request after all of its attempts.
///
/// A failure that is told is the last one; what an earlier attempt left open must not be forgotten over it: a store that
/// completes an upload, loses the answer and then says that there is no such upload has stored the object.
final class Outcome: Sendable {
    private let isOpen = Atomic(false)

    /// Whether an attempt failed so that nobody knows what the store has done.
    var mayBeDone: Bool { isOpen.load(ordering: .relaxed) }

    func leaveOpen() { isOpen.store(true, ordering: .relaxed) }
}
