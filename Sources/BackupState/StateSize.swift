/// How much is in a bucket.
package struct StateSize: Sendable, Equatable {
    package var entries = 0
    /// Of the sealed values.
    package var bytes = 0
    /// What had to make room, and has not been told to the server yet.
    package var dropped: UInt64 = 0

    package init(entries: Int = 0, bytes: Int = 0, dropped: UInt64 = 0) {
        self.entries = entries
        self.bytes = bytes
        self.dropped = dropped
    }
}
