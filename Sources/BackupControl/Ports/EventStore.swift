package import FoundationEssentials

/// What happened, in the order in which it was written, for those who watch and for what is to be told to people.
package protocol EventStore: Sendable {
    func appendEvent(_ event: NewEvent, at time: Date) async throws
    /// The next ones, oldest first.
    func events(after number: Int64, limit: Int) async throws -> [ServerEvent]
    /// 0 before there was any.
    func lastEventNumber() async throws -> Int64
    /// Only the newest are kept.
    func pruneEvents(keeping count: Int) async throws
}

package struct NewEvent: Sendable, Equatable {
    /// `jobs`, `agents`, `restores`, `incidents`
    package let topic: String
    /// `job.completed`
    package let name: String
    /// JSON, one line.
    package let data: String

    package init(topic: String, name: String, data: String) {
        self.topic = topic
        self.name = name
        self.data = data
    }
}

package struct ServerEvent: Sendable, Equatable {
    /// From 1, without gaps.
    package let number: Int64
    package let at: Date
    package let event: NewEvent

    package init(number: Int64, at: Date, event: NewEvent) {
        self.number = number
        self.at = at
        self.event = event
    }
}
