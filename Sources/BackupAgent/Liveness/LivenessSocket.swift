/// The Unix socket in the state directory, on which a running agent answers. Neither side opens the state itself.
enum LivenessSocket {
    static let name = "health.sock"
    /// The longest that a socket's address can be (unix(7)), without the zero behind it.
    static let longestPath = 107
    /// Bytes of an answer.
    static let largestAnswer = 64 << 10

    /// - Throws: ``AgentError/socketPathTooLong(_:)``. An abstract socket would be open to everybody, so there is no other way.
    static func path(in directory: String) throws(AgentError) -> String {
        let path = "\(directory)/\(name)"
        guard path.utf8.count <= longestPath else { throw .socketPathTooLong(path) }
        return path
    }
}
