/// What of an event is read (Docker Engine API, "Monitor events"). Its attributes hold labels, and so perhaps secrets.
struct DockerEvent: Decodable {
    let kind: String
    let action: String

    private enum CodingKeys: String, CodingKey {
        case kind = "Type"
        case action = "Action"
    }

    /// What changes the list of what runs, or how it is reached.
    private static let actions: [String: Set<String>] = [
        "container": ["start", "die", "rename", "destroy", "pause", "unpause"],
        "network": ["connect", "disconnect"],
    ]

    var isChange: Bool { Self.actions[kind]?.contains(action) == true }

    /// For the engine, so that it says nothing of each health check and each program that is run in a container.
    static var filter: String {
        let names = actions.values.flatMap(\.self).sorted().map { "\"\($0)\"" }.joined(separator: ",")
        let kinds = actions.keys.sorted().map { "\"\($0)\"" }.joined(separator: ",")
        return "{\"event\":[\(names)],\"type\":[\(kinds)]}"
    }
}
