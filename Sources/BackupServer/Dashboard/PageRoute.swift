internal import BackupControl
internal import BackupDashboard

/// A page: where it is, who may see it, and what makes it.
struct PageRoute: Sendable {
    enum Permission: Sendable {
        /// Anybody.
        case open
        case role(Role)
    }

    enum Answer: Sendable {
        case page(HTML)
        /// To a page of our own.
        case seeOther(OwnPath)
    }

    typealias Handler = @Sendable (Visit) async throws -> Answer

    /// With names in braces.
    let path: String
    /// For metrics.
    let name: String
    let permission: Permission
    let handler: Handler

    init(_ path: String, _ name: String, may permission: Permission = .role(.viewer), handler: @escaping Handler) {
        self.path = path
        self.name = name
        self.permission = permission
        self.handler = handler
    }

    /// Whether a name in the path is an id, as all but a status page's are.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
