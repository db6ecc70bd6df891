/// A frame from a control plane.
package struct ServerEnvelope: Sendable, Equatable {
    /// From 1, rising by 1 on each connection.
    package var seq: UInt64
    /// The sender's clock, Unix.
    package var timeMilliseconds: UInt64
    /// Links a request and its answer; empty for none.
    package var correlationID: String
    /// nil where the frame holds nothing that this program knows, or something that only an agent says; ``notes`` tell.
    package var message: ServerMessage?
    /// What was not understood, or was changed to fit, for the log. At most 16, each short.
    package var notes: [String]

    package init(
        seq: UInt64, timeMilliseconds: UInt64, correlationID: String = "", message: ServerMessage?, notes: [String] = []
    ) {
        self.seq = seq
        self.timeMilliseconds = timeMilliseconds
        self.correlationID = correlationID
        self.message = message
        self.notes = notes
    }
}
