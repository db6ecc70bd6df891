internal import BackupWire
internal import FoundationEssentials
internal import Logging
internal import NIOCore

/// One connection, from the first byte to the last.
extension AgentSession {
    /// - Returns: why it ended, or did not come about.
    func connectOnce() async -> any Error {
        let socket: WebSocketConnection
        do {
            socket = try await connector.connect()
        } catch {
            return error
        }
        let registration = await source.registration()
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        live = LiveConnection(
            socket: socket, registration: registration, wake: wake,
            machine: SessionMachine(offering: registration.capabilities, limits: settings.limits, at: now))
        status.state = .handshaking
        defer { live = nil }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await socket.read { event in try await self.took(event) }
                    throw SessionError.connectionLost("the other side hung up")
                }
                group.addTask { try await self.keepTime() }
                group.addTask { try await self.deliverAll(wakes) }
                defer {
                    group.cancelAll()
                    // Cancellation alone doesn't end a wait for a socket that is stuck.
                    socket.abandon()
                }
                try await perform(live?.machine.start() ?? [])
                try await group.next()
            }
            return CancellationError()
        } catch {
            // Whoever reads may learn of the end before the one who made it.
            if let ending = live?.ending { return ending }
            return ConnectFailure(address: connector.address, proxy: nil, limit: connector.dialLimit).explain(error)
        }
    }

    private func took(_ event: WebSocketConnection.Event) async throws {
        live?.machine.sawFrame(at: now)
        switch event {
        case .control: break
        case .text: warn("a text frame was ignored: messages are binary")
        case .closed(let code, let reason):
            if let error = live?.machine.closed(code: code, reason: reason) { throw error }
        case .binary(let bytes):
            do {
                let envelope = try WireCodec.decodeFromServer(bytes)
                try await perform(live?.machine.received(envelope, at: now) ?? [])
            } catch let error as WireError {
                warn("\(error)")
            }
        }
    }

    private func keepTime() async throws {
        while let deadline = live?.machine.deadline {
            try await Task.sleep(for: max(.zero, min(deadline - now, settings.tick)))
            try await perform(live?.machine.tick(at: now) ?? [])
        }
    }

    private func perform(_ actions: [SessionMachine.Action]) async throws {
        for action in actions {
            switch action {
            case .sendRegistration: try send(.register(live?.registration ?? Registration()))
            // Not awaited: whoever keeps the time must not wait for a socket that is stuck.
            case .sendHeartbeat: try send(.heartbeat(await source.heartbeat()))
            case .answerPing(let id):
                try await send(.ack(Acknowledgement(correlationID: id)), correlationID: id)?.get()
            case .begin(let ack, let capabilities): await begin(ack, capabilities)
            case .acknowledged(let acknowledgement): await acknowledged(acknowledgement)
            case .deliver(let message, let id):
                if !requests.answer(message, id) { await handler.received(message, correlationID: id) }
            case .warn(let text): warn(text)
            case .close(let code, let error):
                live?.ending = error
                await live?.socket.close(code: code)
                throw error
            }
        }
    }

    private func begin(_ ack: RegisterAck, _ capabilities: Set<Capability>) async {
        backoff.reset()
        self.capabilities = capabilities
        if handshakes > 0 { status.reconnects += 1 }
        handshakes += 1
        status.state = .connected
        hasToldOfRefusal = false
        logger.info(
            "connected",
            metadata: [
                "session": "\(ack.sessionID)",
                "capabilities": "\(capabilities.map(\.rawValue).sorted().joined(separator: ","))",
            ])
        await handler.connected(ack, capabilities: capabilities)
        live?.isReady = true
        for request in requests.all { ask(request) }
        deliverPending()
    }

    /// - Returns: what succeeds once the kernel has the message; nil without a connection.
    @discardableResult
    func send(_ message: AgentMessage, correlationID: String = "") throws(WireError) -> EventLoopFuture<Void>? {
        guard var live else { return nil }
        // A message that can't be encoded uses up no number.
        let bytes = try WireCodec.encode(
            message, seq: live.machine.nextSequence(),
            timeMilliseconds: UInt64(max(0, Date().timeIntervalSince1970 * 1000)), correlationID: correlationID)
        self.live = live
        return live.socket.send(bytes)
    }

    private func warn(_ text: String) {
        live?.warnings += 1
        let count = live?.warnings ?? 0
        if count <= 10 { logger.warning("\(text)") }
        if count == 10 { logger.warning("further oddities of this connection are not logged") }
    }
}
