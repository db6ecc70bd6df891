internal import BackupCore
internal import Glibc

/// One connection to a Docker engine's Unix socket, for one request. For blocking threads.
///
/// HTTP/1.0, so that an answer ends with the connection and is never chunked. A request that is upgraded becomes a stream
/// in both directions (Docker Engine API, "Start an exec instance").
final class DockerConnection: Sendable {
    /// An answer is a small document.
    static let largestAnswer = 4 << 20
    /// How long an engine may take to answer, with all of the answer.
    static let patience = Duration.seconds(60)

    /// Our end of the socket. It is read by one thread, and written by another.
    let input: PipeEnd
    let output: PipeEnd
    private let descriptor: Int32
    private let patience: Duration
    private let deadline: ContinuousClock.Instant

    /// - Throws: ``DriverError/dockerUnreachable(_:reason:)``.
    init(_ socket: String, patience: Duration = DockerConnection.patience) throws {
        self.patience = patience
        deadline = .now + patience
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw CoreError.systemCall("socket", on: socket, errno: errno) }
        // An engine that hangs and accepts nothing lets connect(2) wait for ever otherwise.
        var limit = timeval(tv_sec: Int(patience.components.seconds) + 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socket.utf8).prefix($0.count - 1)) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else {
            let reason = SystemMessage.of(errno)
            close(descriptor)
            throw DriverError.dockerUnreachable(socket, reason: reason)
        }
        do {
            // Duplicates, so that each end can be closed by itself.
            input = try PipeEnd.adopting(fcntl(descriptor, F_DUPFD_CLOEXEC, 0))
            output = try PipeEnd.adopting(fcntl(descriptor, F_DUPFD_CLOEXEC, 0))
            self.descriptor = descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Tells the other side that nothing more comes from us; it may still have something to say.
    func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// For reading on when ``input`` is cancelled.
    func anotherInput() throws(CoreError) -> PipeEnd { try PipeEnd.adopting(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) }

    func cancel() {
        input.cancel()
        output.cancel()
    }

    /// - Returns: the status, and what of the body came with the head.
    func request(_ method: String, _ path: String, body: [UInt8], upgrades: Bool = false) throws -> (Int, [UInt8]) {
        let upgrade = upgrades ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : ""
        let head = """
            \(method) \(path) HTTP/1.\(upgrades ? 1 : 0)\r
            Host: docker\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            \(upgrade)\r

            """
        // What ends the connection early may have said why.
        do { try (Array(head.utf8) + body).withUnsafeBytes { try output.write($0) } } catch is PipeEnd.ReaderGone {}
        return try answer()
    }

    /// The rest of an answer's body.
    func rest(after beginning: [UInt8], atMost limit: Int = DockerConnection.largestAnswer) throws -> [UInt8] {
        var body = beginning
        while try read(into: &body, atMost: limit) > 0 {}
        return body
    }

    private func answer() throws -> (Int, [UInt8]) {
        var bytes: [UInt8] = []
        let end: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a]
        while true {
            if let range = bytes.firstRange(of: end) {
                let head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
                guard let match = head.prefixMatch(of: #/HTTP/1\.[01] ([0-9]{3})/#), let status = Int(match.1) else {
                    break
                }
                return (status, Array(bytes[range.upperBound...]))
            }
            guard try read(into: &bytes, atMost: Self.largestAnswer) > 0 else { break }
        }
        throw DriverError.dockerFailed("it does not answer as a Docker engine does")
    }

    private func read(into bytes: inout [UInt8], atMost limit: Int) throws -> Int {
        guard bytes.count < limit else { throw DriverError.dockerFailed("its answer is too long") }
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        do {
            let count = try piece.withUnsafeMutableBytes { try input.read(into: $0, until: deadline) }
            bytes += piece[..<count]
            return count
        } catch is PipeEnd.Silence {
            throw DriverError.dockerFailed("it did not answer within \(patience.components.seconds) s")
        }
    }
}
