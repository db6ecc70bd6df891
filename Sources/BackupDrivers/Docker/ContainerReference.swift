/// A container of a Docker engine.
package struct ContainerReference: Sendable {
    /// Docker's own place for its socket.
    package static let defaultSocket = "/var/run/docker.sock"

    /// A name or an id: letters, digits, `_`, `.` and `-`, up to 255.
    package let name: String
    package let socket: String

    /// - Parameters:
    ///   - socket: a path, or `unix://PATH` as in `DOCKER_HOST`.
    /// - Throws: ``DriverError/invalidContainer(_:)``.
    package init(_ name: String, socket: String) throws(DriverError) {
        // It becomes a part of a request's path. The form is Docker's own (RestrictedNamePattern).
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-".utf8)
        guard (1...255).contains(name.utf8.count), name.utf8.allSatisfy(allowed.contains),
            name.utf8.first.map({ !"_.-".utf8.contains($0) }) == true
        else { throw .invalidContainer(name) }
        self.name = name
        let path = socket.hasPrefix("unix://") ? String(socket.dropFirst("unix://".count)) : socket
        // The longest that a socket's address can be (unix(7)).
        guard path.hasPrefix("/"), path.utf8.count < 108 else { throw .invalidContainer(name) }
        self.socket = path
    }
}
