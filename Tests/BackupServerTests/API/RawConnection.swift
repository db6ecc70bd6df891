import BackupTestSupport
import Glibc

/// A TCP connection to a server of this host that says just what a test wants, and reads only when asked.
final class RawConnection: Sendable {
    private let descriptor: Int32

    /// - Parameter source: another one of this host's addresses, 127.0.0.0/8, to be somebody else.
    init(port: Int, from source: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let descriptor = descriptor
        let isConnected =
            Self.with(source, port: 0) { bind(descriptor, $0, $1) } == 0
            && Self.with("127.0.0.1", port: port) { connect(descriptor, $0, $1) } == 0
        guard isConnected else {
            Glibc.close(descriptor)
            throw TestFailure("no connection to port \(port)")
        }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private static func with<R>(_ host: String, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// - Returns: how many bytes of it were taken; -1 where the server has hung up.
    @discardableResult
    func write(_ text: String) -> Int {
        text.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }

    /// Everything up to the end; nil when there is none within 20 s.
    func readToEnd() -> String? {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return String(decoding: text, as: UTF8.self) }
            if count < 0 { return errno == ECONNRESET ? String(decoding: text, as: UTF8.self) : nil }
            text += buffer[..<count]
        }
    }

    /// Reads what is there, at least a byte.
    func readSome() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        _ = read(descriptor, &buffer, buffer.count)
    }

    /// Whether there is something to read, an end included.
    func hasNews(within milliseconds: Int32 = 0) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    /// Writes `text` and then a piece now and then, until there is an answer or an end.
    /// - Returns: what came, to the end; nil when there is none within 20 s.
    func drip(_ text: String, _ piece: String, every milliseconds: Int32 = 20) -> String? {
        write(text)
        let end = ContinuousClock.now + .seconds(20)
        while !hasNews(within: milliseconds), .now < end { write(piece) }
        return readToEnd()
    }

    func close() { Glibc.close(descriptor) }
}
