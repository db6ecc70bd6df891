/// One step of what is applied to the state as a whole, or not at all.
package enum StateChange: Sendable, Equatable {
    case put(StateBucket, key: String, [UInt8])
    case delete(StateBucket, key: String)
    /// A message for the server, at the end of the outbox.
    case send([UInt8], OutboxPriority)
    /// The server has a message: it leaves the outbox.
    case acknowledged(OutboxID)
    /// A log event, at the end of the buffer.
    case log([UInt8])
    /// Log events up to this one are delivered.
    case logged(through: UInt64)
    /// So many drops have been told to the server.
    case toldDropped(StateBucket, UInt64)
}
