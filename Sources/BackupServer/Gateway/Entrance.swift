internal import BackupControl
internal import Logging
internal import NIOCore
internal import NIOExtras
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import Synchronization

/// One connection from its first byte until it is known what it wants. Until then it is anybody's, and bounded by its address and by
/// time: a slow client must not hold a socket for nothing.
final class Entrance: Sendable {
    enum Refusal: Sendable {
        case unauthorized
        case tooMany
        case unavailable
    }

    private struct State {
        var hasEntered = false
        var hasAsked = false
        var deadline: Scheduled<Void>?
        var admitted: AgentConnection?
        var refusal: Refusal?
    }

    private let channel: any Channel
    private let gateway: Gateway
    private let address: String
    private let state = Mutex(State())

    init(channel: any Channel, gateway: Gateway) {
        self.channel = channel
        self.gateway = gateway
        address = channel.remoteAddress?.ipAddress ?? "unknown"
    }

    var admitted: AgentConnection? { state.withLock { $0.admitted } }
    var refusal: Refusal? { state.withLock { $0.refusal } }

    /// - Returns: false where too many come from there. Until it is known, the socket isn't read.
    func enter() -> EventLoopFuture<Bool> {
        let loop = channel.eventLoop
        guard !gateway.isProxy(address) else {
            begin()
            return loop.makeSucceededFuture(true)
        }
        let turn = Turn(on: loop, limit: TimeAmount(gateway.settings.turn))
        gateway.addresses.enter(address, turn)
        return turn.result.map { [self] hasPlace in
            if hasPlace {
                state.withLock { $0.hasEntered = true }
                begin()
            } else {
                gateway.noteRefusal("connections are refused: too many are open from one address", address)
            }
            return hasPlace
        }
    }

    /// Its time for a first request runs from here.
    private func begin() {
        let channel = channel
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(gateway.settings.firstRequest)) {
            channel.close(promise: nil)
        }
        state.withLock { $0.deadline = deadline }
    }

    /// Its first request is here.
    func hasAsked() {
        let deadline = state.withLock { state in
            state.hasAsked = true
            return state.deadline
        }
        deadline?.cancel()
    }

    /// The server stops. Who has asked for something gets it first.
    /// - Returns: whether it shall end now.
    func stops() -> Bool {
        gateway.stops()
        return state.withLock { !$0.hasAsked }
    }

    func noteStall() { gateway.noteRefusal("a connection is ended: its peer reads no answer", address) }

    /// It ends, or is an agent's: it no longer counts for its address.
    func leave() {
        hasAsked()
        let mustLeave = state.withLock { state in
            defer { state.hasEntered = false }
            return state.hasEntered
        }
        if mustLeave { gateway.addresses.leave(address) }
    }

    // MARK: The request for an upgrade

    /// - Returns: the headers of the upgrade; nil: there is none.
    func check(_ head: HTTPRequestHead) -> EventLoopFuture<HTTPHeaders?> {
        let path = head.uri.prefix { $0 != "?" }
        guard path == GatewayChannel.path else { return channel.eventLoop.makeSucceededFuture(nil) }
        let client = gateway.client(address, head.headers["x-forwarded-for"])
        let authorization = head.headers.first(name: "authorization")
        let answer = channel.eventLoop.makePromise(of: HTTPHeaders?.self)
        let isTaken = gateway.entrances.submit { [self] in
            answer.succeed(await check(authorization, from: client))
        }
        if !isTaken {
            refuse(.unavailable)
            answer.succeed(nil)
        }
        return answer.futureResult
    }

    private func check(_ authorization: String?, from client: String) async -> HTTPHeaders? {
        do {
            switch try await gateway.keys.check(authorization, from: client, at: gateway.now) {
            case .admitted(let agent):
                let connection = AgentConnection(
                    agentID: agent.id, address: client, channel: channel, limit: gateway.settings.waitingMessages)
                state.withLock { $0.admitted = connection }
                leave()
                return [:]
            case .refused:
                gateway.noteRefusal("an agent's key was refused", client)
                refuse(.unauthorized)
            case .tooMany:
                gateway.noteRefusal("agents' keys are not looked at: too many were wrong", client)
                refuse(.tooMany)
            }
        } catch {
            gateway.logger.error("an agent's key can't be looked up", metadata: ["error": "\(error)"])
            refuse(.unavailable)
        }
        return nil
    }

    private func refuse(_ refusal: Refusal) { state.withLock { $0.refusal = refusal } }
}

/// Tells the ``Entrance`` when a connection ends, and ends it when the server stops before it has asked for anything.
final class EntranceHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let entrance: Entrance

    init(_ entrance: Entrance) { self.entrance = entrance }

    func channelInactive(context: ChannelHandlerContext) {
        entrance.leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, entrance.stops() { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { entrance.leave() }
}
