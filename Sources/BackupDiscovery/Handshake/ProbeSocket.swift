internal import BackupCore
internal import Glibc

/// A TCP connection that never waits longer than it is told. For blocking threads.
final class ProbeSocket {
    private let descriptor: Int32

    /// nil where nobody answers in time.
    init?(_ address: ProbeAddress, until deadline: ContinuousClock.Instant) {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(truncatingIfNeeded: address.port).bigEndian
        guard inet_pton(AF_INET, address.host, &name.sin_addr) == 1 else { return nil }
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = Glibc.socket(AF_INET, flags, 0)
        guard descriptor >= 0 else { return nil }
        let status = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status == 0 { return }
        guard errno == EINPROGRESS, wait(for: POLLOUT, until: deadline) else { return nil }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0, failure == 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// A few bytes: a new connection always has space for them.
    func send(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// nil when nothing comes in time, or ever; empty at the end.
    func receive(atMost limit: Int, until deadline: ContinuousClock.Instant) -> [UInt8]? {
        guard wait(for: POLLIN, until: deadline) else { return nil }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &bytes, limit, 0)
        return count < 0 ? nil : Array(bytes[..<count])
    }

    private func wait(for event: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let rest = Int64((deadline - .now) / .milliseconds(1))
            guard rest > 0 else { return false }
            var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            let count = poll(&entry, 1, Int32(clamping: rest))
            if count > 0 { return true }
            if count < 0, errno != EINTR { return false }
        }
    }
}
