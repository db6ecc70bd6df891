/// Something that the agent looks at, again and again: a web page, or a port.
package struct HealthCheck: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case http
        case https
        case tcp
    }

    package var id: String
    package var name: String
    /// nil for a kind that this program doesn't know.
    package var kind: Kind?
    /// A URL, or `host:port`.
    package var target: String
    package var interval: Duration
    package var timeout: Duration
    /// nil for any of 200 to 399.
    package var expectedStatus: Int?
    /// What the body must contain; empty for anything.
    package var expectedText: String

    package init(
        id: String, name: String = "", kind: Kind?, target: String, interval: Duration = .seconds(60),
        timeout: Duration = .seconds(10), expectedStatus: Int? = nil, expectedText: String = ""
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.target = target
        self.interval = interval
        self.timeout = timeout
        self.expectedStatus = expectedStatus
        self.expectedText = expectedText
    }
}
