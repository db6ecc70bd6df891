package import HTTPTypes

/// All routes.
package struct EndpointTable: Sendable {
    package let endpoints: [Endpoint]

    package init(_ groups: [[Endpoint]]) { endpoints = groups.flatMap { $0 } }

    /// The methods that a path takes; empty where nothing has it.
    package func methods(of path: String) -> [HTTPRequest.Method] {
        // A path that is there word for word hides those with names in braces, as it does in the router.
        let exact = endpoints.filter { $0.path == path }
        let methods = (exact.isEmpty ? endpoints.filter { Self.fits(path, $0.path) } : exact).map(\.method)
        return methods.contains(.get) ? methods + [.head] : methods
    }

    private static func fits(_ path: String, _ template: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let names = template.split(separator: "/")
        return parts.count == names.count && zip(parts, names).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
    }
}
