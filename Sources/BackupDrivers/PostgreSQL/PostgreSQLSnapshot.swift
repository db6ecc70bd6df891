internal import BackupCore

/// One moment of a database that both pg_dump and a connection of ours see.
///
/// Source: PostgreSQL's documentation, "Snapshot Synchronization Functions".
final class PostgreSQLSnapshot: Sendable {
    private enum State {
        case opening
        /// The snapshot's name, or nil where the server can't export one.
        case open(String?)
        /// pg_dump has taken it, and holds its locks: nothing can be dropped under us now.
        case taken
        case ended
    }

    private let state = Monitor(State.opening)

    /// Runs `dump` with a snapshot, and counts meanwhile what is in it.
    ///
    /// A failure to open the snapshot or to count in it is a missing fingerprint, not a failed dump.
    static func with<R: Sendable>(
        _ target: PostgreSQLTarget, _ dump: (PostgreSQLSnapshot) async throws -> R
    ) async throws -> Dumped<R> {
        let snapshot = PostgreSQLSnapshot()
        return try await withTaskCancellationHandler {
            async let counted = snapshot.count(in: target)
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

    /// For pg_dump.
    var arguments: [String] {
        state.update { state in
            if case .open(let name?) = state { ["--snapshot=\(name)"] } else { [] }
        }
    }

    /// `source`, whose first bytes show that pg_dump has taken the snapshot.
    func watching(_ source: any ByteSource) -> any ByteSource { Watched(source: source, snapshot: self) }

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

    private func count(in target: PostgreSQLTarget) async -> Result<Fingerprint, any Error> {
        do {
            let fingerprint = try await PostgreSQLConnection.with(target) { connection in
                try connection.begin()
                // A standby before PostgreSQL 10 has none; then the counts are of another moment, and say so.
                let name = try? connection.query("SELECT pg_catalog.pg_export_snapshot()").first?.first ?? nil
                if name == nil {
                    try connection.query("ROLLBACK")
                    try connection.begin()
                }
                self.state.update { if case .opening = $0 { $0 = .open(name) } }
                try self.state.wait { state -> Void? in
                    switch state {
                    case .opening, .open: nil
                    case .taken: ()
                    case .ended: throw CancellationError()
                    }
                }
                return try connection.fingerprint(name == nil ? .separate : .dump, of: connection.database)
            }
            return .success(fingerprint)
        } catch {
            state.update { if case .opening = $0 { $0 = .open(nil) } }
            return .failure(error)
        }
    }

    private struct Watched: ByteSource {
        let source: any ByteSource
        let snapshot: PostgreSQLSnapshot

        func read(into space: UnsafeMutableRawBufferPointer) throws -> Int {
            let count = try source.read(into: space)
            snapshot.take()
            return count
        }

        func cancel() { source.cancel() }
    }
}
