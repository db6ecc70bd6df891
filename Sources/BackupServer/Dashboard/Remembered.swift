/// Something that takes long to read where there is much of it, and is read anew only so often that reading takes a fiftieth of the time.
///
/// A small installation sees no difference: what is read in a millisecond is kept for fifty. Nothing is kept longer than ten minutes.
actor Remembered<Value: Sendable> {
    private static var longest: Duration { .seconds(600) }
    private static var share: Int { 50 }

    private let read: @Sendable () async throws -> Value
    private var last: (value: Value, until: ContinuousClock.Instant)?

    init(_ read: @escaping @Sendable () async throws -> Value) { self.read = read }

    func value() async throws -> Value {
        let started = ContinuousClock.now
        if let last, started < last.until { return last.value }
        let value = try await read()
        let took = ContinuousClock.now - started
        last = (value, .now + min(took * Self.share, Self.longest))
        return value
    }
}
