internal import BackupCore
internal import Synchronization

/// A step of a backup or a restore, as progress shows it.
package enum StageName: String, Sendable, Codable, CaseIterable {
    /// Reading what the database's tool writes.
    case dump
    case compress
    case encrypt
    /// Waiting for the store to take bytes.
    case upload
    /// Waiting for the store to give bytes.
    case download
    case decrypt
    case decompress
    /// Writing what the database's tool reads.
    case restore
    /// Counting what comes out, where nothing is restored.
    case check
}

/// What one stage has done so far: bytes that came into it, and the time that it spent at work rather than waiting for
/// another.
///
/// Written by the stage's own thread, read by whoever shows progress.
package final class StageMeter: Sendable {
    package let name: StageName
    private let bytes = Atomic<UInt64>(0)
    private let busyNanoseconds = Atomic<UInt64>(0)

    init(_ name: StageName) { self.name = name }

    package var bytesIn: UInt64 { bytes.load(ordering: .relaxed) }
    package var busy: Duration { .nanoseconds(Int64(clamping: busyNanoseconds.load(ordering: .relaxed))) }

    func add(bytes count: Int) { bytes.wrappingAdd(UInt64(clamping: count), ordering: .relaxed) }

    func add(busy duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        busyNanoseconds.wrappingAdd(UInt64(clamping: nanoseconds), ordering: .relaxed)
    }
}

/// Splits a thread's time into work and waiting for other stages.
struct BusyClock: ~Copyable {
    private let meter: StageMeter
    private var workStarted: ContinuousClock.Instant

    init(_ meter: StageMeter) {
        self.meter = meter
        workStarted = .now
    }

    /// Runs something that waits for another stage; its time is not this stage's work.
    mutating func waiting<R>(_ body: () throws -> R) rethrows -> R {
        meter.add(busy: .now - workStarted)
        defer { workStarted = .now }
        return try body()
    }

    mutating func stop() { meter.add(busy: .now - workStarted) }
}
