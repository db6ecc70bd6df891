internal import BackupCore

/// store → decrypt → decompress → sink: one task and three threads.
///
/// Memory: two pools of `OutboundStream.blockCount` blocks of 1 MiB, a queue of as many blocks from the store, and
/// what the transforms hold.
enum InboundStream {
    /// What has passed when the stream has come to its end.
    struct Passed: Sendable {
        var dumpSize: UInt64
        var stored: StoredDigest
    }

    /// Pulls all of `bytes` through `opener` and `decompressor` into `sink`, and returns after the normal end of all of
    /// them.
    ///
    /// `sink` is not told of the end: the caller does that, after it has compared what passed with what it expects.
    static func run(
        _ bytes: ByteStream, opener: any ByteTransform, decompressor: any ByteTransform, to sink: any ByteSink,
        progress: Progress, step: Progress.Step, expecting size: UInt64?
    ) async throws -> Passed {
        let last: StageName = step == .restoring ? .restore : .check
        let meters = [.download, .decrypt, .decompress, last].map { StageMeter($0) }
        progress.begin(step, stages: meters, expecting: size)
        let queues = (0..<3).map { _ in BlockQueue(capacity: OutboundStream.blockCount) }
        let pools = (0..<2).map { _ in
            BlockPool(blockSize: OutboundStream.blockSize, count: OutboundStream.blockCount)
        }
        let chain = InboundChain(opener: opener, decompressor: decompressor)

        @Sendable func stop() {
            sink.cancel()
            pools.forEach { $0.close() }
            queues.forEach { $0.close() }
        }
        /// A thread that can't be started is the end of the stream, not something to wait for.
        @Sendable func thread<T: Sendable>(
            _ name: String, _ body: @escaping @Sendable () throws -> T
        ) async throws -> T {
            do {
                return try await BlockingThread.run(name, body)
            } catch {
                queues.forEach { $0.finish(.failure(error)) }
                queues.first?.close()
                throw error
            }
        }
        return try await withTaskCancellationHandler {
            async let opening: StoredDigest = thread("decrypt") {
                chain.open(from: queues[0], pool: pools[0], to: queues[1], meter: meters[1])
            }
            async let decompressing: Void = thread("decompress") {
                chain.decompress(from: queues[1], pool: pools[1], to: queues[2], meter: meters[2])
            }
            async let writing: Void = thread("restore") {
                try StageThread.write(from: queues[2], to: sink, meter: meters[3])
            }
            await pump(bytes, into: queues[0], meter: meters[0])
            do {
                try await writing
                try await decompressing
                return Passed(dumpSize: meters[3].bytesIn, stored: try await opening)
            } catch {
                stop()
                // The threads end by themselves now; what they say no longer matters, `error` came first.
                _ = try? await (opening, decompressing)
                throw error
            }
        } onCancel: {
            stop()
        }
    }

    /// Ends when the bytes do, or when nobody takes them any more; an error of the store travels down the queue.
    private static func pump(_ bytes: ByteStream, into queue: BlockQueue, meter: StageMeter) async {
        var askedAt = ContinuousClock.now
        do {
            for try await block in bytes {
                meter.add(busy: .now - askedAt)
                meter.add(bytes: block.count)
                try await queue.push(block)
                askedAt = .now
            }
            queue.finish()
        } catch {
            queue.finish(.failure(error))
        }
    }
}

/// The transforms of one stream, each used by one thread.
///
/// `@unchecked Sendable`: `opener` is touched by the decrypting thread only, `decompressor` by the decompressing thread
/// only.
private final class InboundChain: @unchecked Sendable {
    private var opener: any ByteTransform
    private var decompressor: any ByteTransform

    init(opener: any ByteTransform, decompressor: any ByteTransform) {
        self.opener = opener
        self.decompressor = decompressor
    }

    func open(from input: BlockQueue, pool: BlockPool, to output: BlockQueue, meter: StageMeter) -> StoredDigest {
        var digest = DigestBuilder()
        StageThread.transform(
            &opener, from: input, pool: pool, to: output, meter: meter,
            onInput: { block in block.withBytes { digest.update($0) } })
        return digest.finish()
    }

    func decompress(from input: BlockQueue, pool: BlockPool, to output: BlockQueue, meter: StageMeter) {
        StageThread.transform(&decompressor, from: input, pool: pool, to: output, meter: meter)
    }
}
