internal import BackupCore
internal import FoundationEssentials

/// What a check asks: where, and for HTTP the whole URL.
struct HealthAddress: Equatable {
    let host: String
    let port: Int
    /// Empty for TCP.
    let url: String

    /// - Returns: nil for a target that is neither a URL nor `host:port`, as its kind wants.
    init?(_ check: HealthCheck) {
        switch check.kind {
        case nil: return nil
        case .tcp:
            guard let address = ListenAddress(check.target), address.port > 0 else { return nil }
            (host, port, url) = (address.host, address.port, "")
        case .http, .https:
            let scheme = check.kind == .https ? "https" : "http"
            let text = check.target.contains("://") ? check.target : "\(scheme)://\(check.target)"
            guard let parts = URL(string: text), let host = parts.host(), !host.isEmpty,
                // Encoded, it would be another name for the policy than for the connection.
                !host.contains("%"),
                let used = parts.scheme?.lowercased(), ["http", "https"].contains(used)
            else { return nil }
            self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
            port = parts.port ?? (used == "https" ? 443 : 80)
            url = text
        }
    }
}
