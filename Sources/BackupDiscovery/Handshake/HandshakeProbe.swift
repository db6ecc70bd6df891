internal import BackupCore

/// Knocks at a container's ports, and tells which kind of database answers.
///
/// One connection for each handshake, one after another. Bounds: ``limit`` for all of them; ``Handshake/largestAnswer`` bytes of each.
struct HandshakeProbe: Sendable {
    struct Answer: Sendable, Equatable {
        let engine: DatabaseEngine
        /// Inside of the container.
        let port: Int
    }

    /// For one address.
    static let limit = Duration.seconds(1)
    /// For one handshake: who does not know its words may wait for more of them and say nothing.
    static let silence = limit / 4

    private let container: ContainerFacts
    private let closed: ProbeAddress.Closed

    init(_ container: ContainerFacts, closed: ProbeAddress.Closed) {
        self.container = container
        self.closed = closed
    }

    /// - Returns: nil where nobody answers as a database does; all failures are that.
    func run() async -> Answer? {
        let addresses = ProbeAddress.all(of: container).filter { !closed.contains($0) }
        guard !addresses.isEmpty else { return nil }
        do {
            return try await BlockingThread.run("probe") {
                for address in addresses {
                    guard let engine = Self.engine(at: address) else { continue }
                    return Answer(engine: engine, port: address.containerPort(of: container))
                }
                return nil
            }
        } catch {
            // There is no further thread: a later look may find one.
            return nil
        }
    }

    /// For blocking threads.
    static func engine(at address: ProbeAddress) -> DatabaseEngine? {
        let deadline = ContinuousClock.now + limit
        for handshake in Handshake.all {
            guard let socket = ProbeSocket(address, until: deadline) else { return nil }
            if let engine = answer(to: handshake, over: socket, until: min(deadline, .now + silence)) { return engine }
        }
        return nil
    }

    private static func answer(
        to handshake: Handshake, over socket: ProbeSocket, until deadline: ContinuousClock.Instant
    ) -> DatabaseEngine? {
        var answer: [UInt8] = []
        guard socket.send(handshake.greeting) else { return nil }
        while answer.count < Handshake.largestAnswer {
            let piece = socket.receive(atMost: Handshake.largestAnswer - answer.count, until: deadline)
            guard let piece, !piece.isEmpty else { return nil }
            answer += piece
            switch handshake.judge(answer) {
            case .engine(let engine): return engine
            case .no: return nil
            case .more: continue
            }
        }
        return nil
    }
}
