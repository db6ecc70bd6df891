/// A target that only needs to be accepted. References to secrets, never a secret.
package struct SuggestedTarget: Codable, Sendable, Equatable {
    enum CodingKeys: String, CodingKey {
        case name
        case engine
        case host
        case port
        case database
        case username
        case secretReference = "secret_reference"
        case containerID = "container_id"
        case strategy
    }

    package let name: String
    package let engine: String
    package var host = ""
    package var port = 0
    package var database = ""
    package var username = ""
    package var secretReference = ""
    package var containerID = ""
    package var strategy = "tcp"

    package init(name: String, engine: String) {
        self.name = name
        self.engine = engine
    }
}
