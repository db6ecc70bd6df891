internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// An HTTP proxy that knows only CONNECT. Whatever name is asked for, it connects to the loopback interface, so that a name which
/// nobody else knows shows who has resolved it.
package final class TestProxy: Sendable {
    package let port: Int
    private let listener: any Channel
    private let lines = Targets()

    /// What was asked for: `backups.test:8443`.
    package var targets: [String] { lines.all }

    /// - Parameters:
    ///   - authorization: what `Proxy-Authorization` must be; else 407.
    ///   - refusal: a status for every request.
    package init(authorization: String? = nil, refusal: Int? = nil) async throws {
        let lines = lines
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectHandler(authorization: authorization, refusal: refusal, targets: lines))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    deinit { listener.close(promise: nil) }
}

private final class Targets: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ target: String) { lines.withLock { $0.append(target) } }
}

/// Reads the request, connects, and then carries bytes to ``Carrier``.
private final class ConnectHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let authorization: String?
    private let refusal: Int?
    private let targets: Targets
    private var head = ""
    private var upstream: (any Channel)?

    init(authorization: String?, refusal: Int?, targets: Targets) {
        self.authorization = authorization
        self.refusal = refusal
        self.targets = targets
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if let upstream { return upstream.writeAndFlush(bytes, promise: nil) }
        head += String(buffer: bytes)
        guard head.hasSuffix("\r\n\r\n") else { return }
        let lines = head.split(separator: "\r\n").map(String.init)
        let words = lines[0].split(separator: " ")
        guard words.count == 3, words[0] == "CONNECT",
            let port = words[1].split(separator: ":").last.flatMap({ Int($0) })
        else { return answer(400, context.channel) }
        targets.add(String(words[1]))
        if let refusal { return answer(refusal, context.channel) }
        if let authorization, !lines.contains(where: { Self.isHeader($0, "proxy-authorization", authorization) }) {
            return answer(407, context.channel)
        }
        connect(to: port, context)
    }

    private static func isHeader(_ line: String, _ name: String, _ value: String) -> Bool {
        guard let colon = line.firstIndex(of: ":") else { return false }
        return line[..<colon].lowercased() == name && line[colon...].dropFirst().drop { $0 == " " } == value
    }

    func channelInactive(context: ChannelHandlerContext) { upstream?.close(promise: nil) }

    private func connect(to port: Int, _ context: ChannelHandlerContext) {
        let client = context.channel
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Carrier(to: client))
                }
            }
            .connect(host: "127.0.0.1", port: port).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let channel):
                    self.upstream = channel
                    client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 Connected\r\n\r\n"), promise: nil)
                case .failure: self.answer(502, client)
                }
            }
    }

    private func answer(_ status: Int, _ channel: any Channel) {
        channel.writeAndFlush(
            ByteBuffer(string: "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), promise: nil)
    }
}

/// Gives what comes from the server to the client.
private final class Carrier: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let client: any Channel

    init(to client: any Channel) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        client.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
}
