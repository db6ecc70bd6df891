/// Where a server of ours listens: `127.0.0.1:9090`, `[::1]:9090`.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A name or an address, without brackets.
    package let host: String
    /// 0 lets the system choose one.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Returns: nil for what is not `HOST:PORT`.
    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: /(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+):([0-9]{1,5})/),
            let port = Int(match.2), port <= 65535
        else { return nil }
        host = match.1.first == "[" ? String(match.1.dropFirst().dropLast()) : String(match.1)
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
