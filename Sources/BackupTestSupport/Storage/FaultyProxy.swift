internal import BackupCore
internal import Foundation
internal import Synchronization

/// An HTTP proxy in front of a store, which does to each request what a bad network or a bad server does.
///
/// One thread a connection, one request a connection to the store. Loopback only.
package final class FaultyProxy: Sendable {
    package enum Fault: Sendable {
        case none
        /// An answer of the proxy's own; the store never sees the request.
        case answer(Int, String)
        /// The connection is reset before the store has seen the request.
        case reset
        /// The store has done its work, and its answer is lost.
        case loseAnswer
        /// Silence, until the client gives up.
        case stall
        /// The answer ends after so many bytes of its body.
        case cutBody(Int)
        /// So many bytes a second in both directions.
        case slow(Int)
    }

    /// A request, whose line is `PUT /bucket/key?partNumber=1 HTTP/1.1`.
    package struct Request: Sendable {
        /// From 0, in the order in which requests arrive.
        package let number: Int
        package let line: String
        /// The request line and the headers.
        package let head: String
        package let body: [UInt8]

        /// nil where there is no such header.
        package func header(_ name: String) -> String? {
            let fields = head.components(separatedBy: "\r\n").dropFirst()
            let field = fields.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            return field.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    package let port: Int
    package var endpoint: String { "http://127.0.0.1:\(port)" }

    private let upstream: Int
    private let listener: Int32
    private let plan: @Sendable (Request) -> Fault
    private let lines = Mutex<[String]>([])

    /// The request lines so far.
    package var requests: [String] { lines.withLock { $0 } }

    /// - Parameter upstream: the store's port.
    package init(to upstream: Int, plan: @escaping @Sendable (Request) -> Fault) throws {
        self.upstream = upstream
        self.plan = plan
        port = try FreePort.next()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard Socket.bind(listener, port: port), listen(listener, 64) == 0 else {
            throw TestFailure("no proxy on port \(port)")
        }
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { return }
                Thread.detachNewThread {
                    self.serve(Socket(client))
                    close(client)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ client: Socket) {
        while let (head, body) = client.readMessage() {
            let line = String(head.prefix { $0 != "\r" })
            let number = lines.withLock { lines in
                lines.append(line)
                return lines.count - 1
            }
            let fault = plan(Request(number: number, line: line, head: head, body: body))
            switch fault {
            case .answer(let status, let text):
                client.write(
                    Array(
                        "HTTP/1.1 \(status) Fault\r\nContent-Type: application/xml\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
                            .utf8))
                continue
            case .reset: return client.reset()
            case .stall: return client.waitUntilClosed()
            default: break
            }
            guard let answer = forward(head, body, rate: rate(fault)) else { return client.reset() }
            switch fault {
            case .loseAnswer: return client.reset()
            case .cutBody(let count):
                let end = answer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? answer.endIndex
                client.write(Array(answer[..<min(answer.endIndex, end + count)]))
                return
            default: client.write(answer, rate: rate(fault))
            }
            // The store was told to close, and has told the client so.
            return
        }
    }

    private func rate(_ fault: Fault) -> Int? { if case .slow(let rate) = fault { rate } else { nil } }

    private func forward(_ head: String, _ body: [UInt8], rate: Int?) -> [UInt8]? {
        guard let store = Socket.connect(port: upstream) else { return nil }
        defer { close(store.descriptor) }
        let lines = head.components(separatedBy: "\r\n").filter { line in
            !line.isEmpty && !["connection:", "expect:"].contains { line.lowercased().hasPrefix($0) }
        }
        store.write(Array((lines.joined(separator: "\r\n") + "\r\nConnection: close\r\n\r\n").utf8))
        store.write(body, rate: rate)
        return store.readToEnd()
    }
}

/// Blocking calls on a socket.
private struct Socket {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    static func bind(_ descriptor: Int32, port: Int) -> Bool {
        var address = FreePort.loopback(port: port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    static func connect(port: Int) -> Socket? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = FreePort.loopback(port: port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            return nil
        }
        return Socket(descriptor)
    }

    /// The head and the body of a request; nil at the end of the connection. Only bodies with a Content-Length.
    func readMessage() -> (String, [UInt8])? {
        var bytes: [UInt8] = []
        while bytes.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            guard let more = read(64 << 10) else { return nil }
            bytes += more
        }
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let field = head.lowercased().components(separatedBy: "\r\n").first { $0.hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        var body = Array(bytes[end.upperBound...])
        while body.count < length {
            guard let more = read(1 << 20) else { return nil }
            body += more
        }
        return (head, body)
    }

    func readToEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = read(1 << 20) { bytes += more }
        return bytes
    }

    func write(_ bytes: [UInt8], rate: Int? = nil) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(rate.map { max($0 / 20, 1) } ?? rest.count)
            let written = piece.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
            if rate != nil { usleep(50_000) }
        }
    }

    /// RST instead of FIN.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    func waitUntilClosed() { while read(64 << 10) != nil {} }

    private func read(_ limit: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &bytes, limit, 0)
        return count > 0 ? Array(bytes[..<count]) : nil
    }
}
