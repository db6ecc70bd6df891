internal import BackupCore
internal import Synchronization

/// The connections of one question to a Docker engine, so that whoever asked can stop waiting.
final class DockerCall: Sendable {
    private struct State {
        var connection: DockerConnection?
        var isCancelled = false
    }

    private let socket: String
    private let patience: Duration
    private let state = Mutex(State())

    init(_ socket: String, patience: Duration) {
        self.socket = socket
        self.patience = patience
    }

    /// For blocking threads.
    /// - Throws: `CancellationError`; as `DockerConnection`'s.
    func connect() throws -> DockerConnection {
        let connection = try DockerConnection(socket, patience: patience)
        let isCancelled = state.withLock { state in
            state.connection = connection
            return state.isCancelled
        }
        if isCancelled { throw CancellationError() }
        return connection
    }

    func cancel() {
        let connection = state.withLock { state in
            state.isCancelled = true
            return state.connection
        }
        connection?.cancel()
    }
}
