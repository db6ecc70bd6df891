internal import BackupCore

/// One moment of a database that a dump tool and a session of ours see, and when each of them has got it.
final class SharedSnapshot: Sendable {
    private enum State {
        case opening
        /// The snapshot's name; nil where it has none, or where there is none to share.
        case open(String?)
        /// The dump tool has written its first bytes, so it has its snapshot and its locks.
        case taken
        case ended
    }

    private let state = Monitor(State.opening)

    /// Runs `dump`, and `count` beside it.
    ///
    /// - Parameters:
    ///   - count: opens the snapshot, tells so with ``open(_:)``, waits until it is taken, and reads in it. When it throws,
    ///     the fingerprint is missing, and the dump goes on.
    ///   - dump: starts once the snapshot is open.
    static func with<R: Sendable>(
        counting: Bool, count: @Sendable @escaping (SharedSnapshot) async throws -> Fingerprint,
        dump: (SharedSnapshot) async throws -> R
    ) async throws -> Dumped<R> {
        let snapshot = SharedSnapshot()
        guard counting else { return Dumped(try await dump(snapshot), fingerprint: nil) }
        return try await withTaskCancellationHandler {
            async let counted = snapshot.outcome(of: count)
            try await BlockingThread.run("snapshot") { try snapshot.waitUntilOpen() }
            do {
                let value = try await dump(snapshot)
                snapshot.take()
                return Dumped(value, fingerprint: await counted)
            } catch {
                snapshot.end()
                throw error
            }
        } onCancel: {
            snapshot.end()
        }
    }

    /// What the snapshot is called, for the dump tool.
    var name: String? { state.update { if case .open(let name) = $0 { name } else { nil } } }

    /// `source`, whose first bytes show that the tool has taken the snapshot.
    func watching(_ source: any ByteSource) -> any ByteSource { Watched(source: source, snapshot: self) }

    // MARK: For the session that counts

    func open(_ name: String?) { state.update { if case .opening = $0 { $0 = .open(name) } } }

    /// Blocks a thread until the tool has taken the snapshot.
    /// - Throws: `CancellationError` when the dump has ended without.
    func waitUntilTaken() throws { try state.wait { try Self.isTaken($0) } }

    /// The same, and whether it was within `limit`.
    func waitUntilTaken(atMost limit: Duration) throws -> Bool {
        try state.wait(atMost: limit) { try Self.isTaken($0) } != nil
    }

    private static func isTaken(_ state: State) throws -> Void? {
        switch state {
        case .opening, .open: nil
        case .taken: ()
        case .ended: throw CancellationError()
        }
    }

    // MARK: For the dump

    private func take() { state.update { if case .open = $0 { $0 = .taken } } }
    private func end() { state.update { $0 = .ended } }

    private func waitUntilOpen() throws {
        try state.wait { state -> Void? in
            switch state {
            case .opening: nil
            case .open, .taken: ()
            case .ended: throw CancellationError()
            }
        }
    }

    private func outcome(
        of count: @Sendable (SharedSnapshot) async throws -> Fingerprint
    ) async -> Result<Fingerprint, any Error> {
        do {
            return .success(try await count(self))
        } catch {
            open(nil)
            return .failure(error)
        }
    }

    private struct Watched: ByteSource {
        let source: any ByteSource
        let snapshot: SharedSnapshot

        func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
            let count = try source.read(into: space)
            snapshot.take()
            return count
        }

        func cancel() { source.cancel() }
    }
}
