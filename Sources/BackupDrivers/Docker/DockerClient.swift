internal import BackupCore
internal import FoundationEssentials

/// Questions to a Docker engine that change nothing there, in the API's version that both speak.
///
/// Each is a connection of its own. A task that is cancelled does not wait for the answer.
final class DockerClient: Sendable {
    private let socket: String
    private let patience: Duration
    private let api = DockerAPI()

    /// - Parameter patience: how long the whole of an answer may take.
    init(_ socket: String, patience: Duration) {
        self.socket = socket
        self.patience = patience
    }

    /// - Parameter limit: bytes of the answer.
    /// - Returns: nil where there is nothing of that name.
    /// - Throws: ``DriverError/dockerUnreachable(_:reason:)``, ``DriverError/dockerFailed(_:)``.
    func get<Answer: Decodable & Sendable>(
        _ type: Answer.Type, _ path: String, atMost limit: Int = DockerConnection.largestAnswer
    ) async throws -> Answer? {
        try await call { call in
            try Self.answer(type, try self.prefix(call) + path, atMost: limit, over: call.connect())
        }
    }

    /// Passes on each line of an answer that does not end by itself.
    /// - Parameter begun: called when the engine has agreed.
    func lines(
        _ path: String, begun: @escaping @Sendable () -> Void, _ take: @escaping @Sendable ([UInt8]) throws -> Void
    )
        async throws
    {
        try await call { call in
            let prefix = try self.prefix(call)
            let connection = try call.connect()
            let (status, beginning) = try connection.request("GET", prefix + path, body: [])
            guard status == 200 else { throw DriverError.dockerFailed("it answers with HTTP status \(status)") }
            begun()
            var lines = DockerLines()
            try lines.take(beginning[...], take)
            var space = [UInt8](repeating: 0, count: 64 << 10)
            while case let count = try space.withUnsafeMutableBytes({ try connection.input.read(into: $0) }), count > 0
            {
                try lines.take(space[..<count], take)
            }
        }
    }

    /// Another engine may answer from now on, such as after an upgrade.
    func forgetVersion() { api.forget() }

    private func call<R: Sendable>(_ body: @escaping @Sendable (DockerCall) throws -> R) async throws -> R {
        let call = DockerCall(socket, patience: patience)
        return try await withTaskCancellationHandler {
            try await BlockingThread.run("docker") { try body(call) }
        } onCancel: {
            call.cancel()
        }
    }

    private func prefix(_ call: DockerCall) throws -> String {
        try api.prefix {
            let answer = try Self.answer(
                DockerAPI.Answer.self, "/version", atMost: DockerConnection.largestAnswer, over: call.connect())
            guard let answer else { throw DriverError.dockerFailed("it does not say which API it speaks") }
            return answer
        }
    }

    private static func answer<Answer: Decodable>(
        _ type: Answer.Type, _ path: String, atMost limit: Int, over connection: DockerConnection
    ) throws -> Answer? {
        let (status, beginning) = try connection.request("GET", path, body: [])
        let answer = try connection.rest(after: beginning, atMost: limit)
        if status == 404 { return nil }
        guard status == 200 else { throw DriverError.dockerFailed("it answers with HTTP status \(status)") }
        do {
            return try JSONDecoder().decode(type, from: Data(answer))
        } catch {
            // The error would repeat parts of the answer.
            throw DriverError.dockerFailed("its answer can't be read")
        }
    }
}
