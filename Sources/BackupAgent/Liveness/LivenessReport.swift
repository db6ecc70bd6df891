/// What a running agent says of itself.
package struct LivenessReport: Codable, Sendable, Equatable {
    package struct Loop: Codable, Sendable, Equatable {
        package let name: String
        /// Since it has turned last.
        package let ageMilliseconds: Int64
        package let limitMilliseconds: Int64
        package let isAlive: Bool

        private enum CodingKeys: String, CodingKey {
            case name
            case ageMilliseconds = "age_ms"
            case limitMilliseconds = "limit_ms"
            case isAlive = "alive"
        }
    }

    package let loops: [Loop]
    package let isStateReadable: Bool
    /// `disconnected`, `connecting` or `connected`. A server out of reach is no reason to start the agent again.
    package let session: String

    package init(loops: [Loop], isStateReadable: Bool, session: String) {
        self.loops = loops
        self.isStateReadable = isStateReadable
        self.session = session
    }

    package var isAlive: Bool { isStateReadable && loops.allSatisfy(\.isAlive) }

    /// What is wrong; nil while nothing is.
    package var problem: String? {
        var problems = loops.filter { !$0.isAlive }.map { loop in
            "loop '\(loop.name)' has not turned for \(loop.ageMilliseconds / 1000) s"
        }
        if !isStateReadable { problems.insert("its state can't be read", at: 0) }
        return problems.isEmpty ? nil : problems.joined(separator: ", ")
    }

    private enum CodingKeys: String, CodingKey {
        case isAlive = "alive"
        case loops
        case isStateReadable = "state_readable"
        case session
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        loops = try container.decode([Loop].self, forKey: .loops)
        isStateReadable = try container.decode(Bool.self, forKey: .isStateReadable)
        session = try container.decode(String.self, forKey: .session)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isAlive, forKey: .isAlive)
        try container.encode(loops, forKey: .loops)
        try container.encode(isStateReadable, forKey: .isStateReadable)
        try container.encode(session, forKey: .session)
    }
}
