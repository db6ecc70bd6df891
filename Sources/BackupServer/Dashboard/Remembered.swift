/// Something that takes long to read where there is much of it, and is read anew only so often that reading takes a fiftieth of the time.
///
/// A small installation sees no difference: what is read in a millisecond is kept for fifty. Whoever asks while it is being read waits for
/// that reading: there is never more than one.
package actor Remembered<Value: Sendable> {
    private static var share: Int { 50 }

    private let longest: Duration
    private let read: @Sendable () async throws -> Value
    private var last: (value: Value, until: ContinuousClock.Instant)?
    private var reading: Task<Value, any Error>?

    /// - Parameter longest: how long it is kept at most, however long it takes to read.
    package init(longest: Duration = .seconds(600), _ read: @escaping @Sendable () async throws -> Value) {
        self.longest = longest
        self.read = read
    }

    package func value() async throws -> Value {
        if let last, .now < last.until { return last.value }
        if let reading { return try await reading.value }
        // A task of its own: the first who asks may go, and others wait for the same.
        let reading = Task { [read] in try await read() }
        self.reading = reading
        let started = ContinuousClock.now
        defer { self.reading = nil }
        let value = try await reading.value
        last = (value, .now + min((.now - started) * Self.share, longest))
        return value
    }
}
