/// The answer to a message that must not be lost, and to a ping.
package struct Acknowledgement: Sendable, Equatable {
    package var correlationID: String
    package var isAccepted: Bool
    package var reason: String

    package init(correlationID: String, isAccepted: Bool = true, reason: String = "") {
        self.correlationID = correlationID
        self.isAccepted = isAccepted
        self.reason = reason
    }
}
