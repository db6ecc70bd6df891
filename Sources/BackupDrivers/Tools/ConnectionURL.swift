internal import BackupCore
internal import FoundationEssentials

/// `scheme://user:password@host:port/path?name=value`, taken apart (RFC 3986).
struct ConnectionURL: Sendable {
    let scheme: String
    let user: String?
    let password: Secret?
    /// Without the brackets of an IPv6 address; nil when it is empty.
    let host: String?
    let port: Int?
    /// Behind the first slash; empty when there is nothing.
    let path: String
    let parameters: [String: String]

    /// - Parameter known: the parameters that may be given.
    /// - Throws: ``DriverError/invalidURL(reason:)``, which never quotes the text: there may be a password in it.
    init(_ text: String, parameters known: Set<String>) throws(DriverError) {
        guard let parts = URLComponents(string: text, encodingInvalidCharacters: false), let scheme = parts.scheme
        else {
            throw .invalidURL(
                reason: "it is not scheme://user@host:port/database; special characters are written as %XX")
        }
        self.scheme = scheme.lowercased()
        user = try Self.decoded(parts.percentEncodedUser, "user")
        password = try Self.decoded(parts.percentEncodedPassword, "password").map { Secret($0) }
        let host = try Self.decoded(parts.percentEncodedHost, "host") ?? ""
        self.host = host.isEmpty ? nil : host.trimming { "[]".contains($0) }
        port = parts.port
        guard port.map({ (1...65535).contains($0) }) ?? true else { throw .invalidURL(reason: "its port is not one") }
        path = try Self.decoded(String(parts.percentEncodedPath.dropFirst()), "database") ?? ""
        guard parts.fragment == nil else { throw .invalidURL(reason: "it has a '#', which is written as %23") }
        var parameters: [String: String] = [:]
        for item in parts.percentEncodedQueryItems ?? [] {
            guard known.contains(item.name), parameters[item.name] == nil else {
                throw .invalidURL(reason: "it has no parameter '\(item.name)', or has it twice")
            }
            parameters[item.name] = try Self.decoded(item.value, item.name) ?? ""
        }
        self.parameters = parameters
    }

    private static func decoded(_ text: String?, _ part: String) throws(DriverError) -> String? {
        guard let text else { return nil }
        guard let decoded = PercentEncoding.decoded(text), !decoded.utf8.contains(0) else {
            throw .invalidURL(reason: "its \(part) has a '%' without two digits, is not UTF-8, or has a NUL byte")
        }
        return decoded
    }
}

extension String {
    fileprivate func trimming(_ isOuter: (Character) -> Bool) -> String {
        String(drop(while: isOuter).reversed().drop(while: isOuter).reversed())
    }
}
