/// What runs the containers of this machine: Docker.
package protocol ContainerEngine: Sendable {
    /// Every container that runs now, in no order. One that ends while they are listed may be missing.
    func containers() async throws -> [ContainerFacts]

    /// Tells of changes, in the order in which they happen, until the engine ends that.
    ///
    /// What happened before ``ContainerSignal/listening``, and between two calls, is not told of: the caller looks for himself.
    /// - Throws: why the engine can't tell any more; `CancellationError`.
    func follow(_ told: @escaping @Sendable (ContainerSignal) -> Void) async throws
}

/// What an engine tells of its containers.
package enum ContainerSignal: Sendable, Equatable {
    /// From now on nothing is missed.
    case listening
    /// Some container, or its network, is not what it was.
    case changed
}
