package import HTTPTypes

/// All routes.
package struct EndpointTable: Sendable {
    package let endpoints: [Endpoint]

    package init(_ groups: [[Endpoint]]) { endpoints = groups.flatMap { $0 } }

    /// The methods that a path takes; empty where nothing has it.
    package func methods(of path: String) -> [HTTPRequest.Method] {
        let methods = endpoints.filter { Self.fits(path, $0.path) }.map(\.method)
        return methods.contains(.get) ? methods + [.head] : methods
    }

    private static func fits(_ path: String, _ template: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let names = template.split(separator: "/")
        return parts.count == names.count && zip(parts, names).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
    }
}
