internal import BackupCore

/// source → compress → encrypt, on three threads, towards a store.
///
/// Memory: three pools of `blockCount` blocks of 1 MiB, and what the two transforms hold. A slow store stops the
/// threads one after another, up to the database's tool.
enum OutboundStream {
    static let blockSize = 1 << 20
    static let blockCount = 3

    /// Runs `upload` on the encrypted stream and returns its result with what passed.
    ///
    /// The stream that `upload` reads ends normally only when `source` did. When `upload` fails, `source` is
    /// cancelled and all threads have ended before this throws.
    static func run<R: Sendable>(
        _ source: any ByteSource, compressor: any ByteTransform, sealer: any ByteTransform, progress: Progress,
        expecting bytes: UInt64?, upload: (ByteStream) async throws -> R
    ) async throws -> (result: R, dumpSize: UInt64, stored: StoredDigest) {
        let meters = [StageName.dump, .compress, .encrypt, .upload].map { StageMeter($0) }
        progress.begin(.dumping, stages: meters, expecting: bytes)
        let queues = (0..<3).map { _ in BlockQueue(capacity: blockCount) }
        let pools = (0..<3).map { _ in BlockPool(blockSize: blockSize, count: blockCount) }
        let chain = Chain(compressor: compressor, sealer: sealer)

        @Sendable func stop() {
            source.cancel()
            pools.forEach { $0.close() }
            queues.forEach { $0.close() }
        }
        /// A thread that can't be started is the end of the stream, not something to wait for.
        @Sendable func thread<T: Sendable>(_ name: String, _ body: @escaping @Sendable () -> T) async throws -> T {
            do {
                return try await BlockingThread.run(name, body)
            } catch {
                queues.forEach { $0.finish(.failure(error)) }
                throw error
            }
        }
        async let reading: Void = thread("dump") {
            StageThread.read(source, pool: pools[0], to: queues[0], meter: meters[0])
        }
        async let compressing: Void = thread("compress") {
            chain.compress(from: queues[0], pool: pools[1], to: queues[1], meter: meters[1])
        }
        async let sealing: StoredDigest = thread("encrypt") {
            chain.seal(from: queues[1], pool: pools[2], to: queues[2], meter: meters[2])
        }
        do {
            let pulls = PullClock(meters[3])
            let result = try await upload(QueueStream(queue: queues[2], meter: meters[3], clock: pulls))
            // The last parts, and the store's acknowledgement, are its work as well.
            pulls.pulled()
            try await reading
            try await compressing
            return (result, meters[0].bytesIn, try await sealing)
        } catch {
            stop()
            // The threads end by themselves now; what they say no longer matters, `error` came first.
            _ = try? await (reading, compressing, sealing)
            throw error
        }
    }
}

/// The transforms of one stream, each used by one thread.
///
/// `@unchecked Sendable`: `compressor` is touched by the compressing thread only, `sealer` by the sealing thread only.
private final class Chain: @unchecked Sendable {
    private var compressor: any ByteTransform
    private var sealer: any ByteTransform

    init(compressor: any ByteTransform, sealer: any ByteTransform) {
        self.compressor = compressor
        self.sealer = sealer
    }

    func compress(from input: BlockQueue, pool: BlockPool, to output: BlockQueue, meter: StageMeter) {
        StageThread.transform(&compressor, from: input, pool: pool, to: output, meter: meter)
    }

    func seal(from input: BlockQueue, pool: BlockPool, to output: BlockQueue, meter: StageMeter) -> StoredDigest {
        var digest = DigestBuilder()
        StageThread.transform(
            &sealer, from: input, pool: pool, to: output, meter: meter,
            onEmit: { block in block.withBytes { digest.update($0) } })
        return digest.finish()
    }
}

/// Takes the time between two pulls, which is the consumer's work.
final class PullClock: Sendable {
    private let meter: StageMeter
    private let handedOver = Monitor<ContinuousClock.Instant?>(nil)

    init(_ meter: StageMeter) { self.meter = meter }

    /// What was handed over is done with.
    func pulled() {
        guard
            let start = handedOver.update({ start in
                defer { start = nil }
                return start
            })
        else { return }
        meter.add(busy: .now - start)
    }

    func handOver() { handedOver.update { $0 = .now } }
}

/// The consumer's end of a queue as an asynchronous sequence.
struct QueueStream: AsyncSequence, Sendable {
    typealias Element = ByteBlock
    typealias Failure = any Error

    let queue: BlockQueue
    let meter: StageMeter
    let clock: PullClock

    func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    struct Iterator: AsyncIteratorProtocol {
        let stream: QueueStream

        mutating func next() async throws -> ByteBlock? {
            stream.clock.pulled()
            let block = try await stream.queue.pop()
            if let block { stream.meter.add(bytes: block.count) }
            stream.clock.handOver()
            return block
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBlock? { try await next() }
    }
}
