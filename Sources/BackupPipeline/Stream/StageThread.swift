internal import BackupCore

/// The loops that run on the threads of a stream.
enum StageThread {
    /// Reads `source` to its end into blocks for `output`.
    static func read(_ source: any ByteSource, pool: BlockPool, to output: BlockQueue, meter: StageMeter) {
        output.finish(
            Result {
                var clock = BusyClock(meter)
                defer { clock.stop() }
                while true {
                    let block = try clock.waiting { try pool.take() }
                    var isAtEnd = false
                    try block.fill { space in
                        // Whole blocks: everything behind this stage works on pieces of this size.
                        var filled = 0
                        while filled < space.count, !isAtEnd {
                            let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: space[filled...]))
                            isAtEnd = count == 0
                            filled += count
                        }
                        return filled
                    }
                    meter.add(bytes: block.count)
                    if !block.isEmpty { try clock.waiting { try output.push(block) } }
                    if isAtEnd { return }
                }
            }
        )
    }

    /// Passes everything from `input` through `transform` to `output`.
    ///
    /// `output` ends with success only after `input` has ended and `transform` has finished without an error.
    /// - Parameter onEmit: sees each block before it is handed on.
    static func transform(
        _ transform: inout any ByteTransform, from input: BlockQueue, pool: BlockPool, to output: BlockQueue,
        meter: StageMeter, onInput: (ByteBlock) -> Void = { _ in }, onEmit: @escaping (ByteBlock) -> Void = { _ in }
    ) {
        output.finish(
            Result {
                let clock = ClockBox(meter)
                defer { clock.clock.stop() }
                var writer = BlockWriter(
                    nextBlock: { try clock.clock.waiting { try pool.take() } },
                    emit: { block in
                        onEmit(block)
                        try clock.clock.waiting { try output.push(block) }
                    })
                while let block = try clock.clock.waiting({ try input.pop() }) {
                    meter.add(bytes: block.count)
                    onInput(block)
                    try block.withBytes { try transform.update($0, into: &writer) }
                }
                try transform.finish(into: &writer)
                try writer.flush()
            }
        )
        input.close()
    }

    /// Writes everything from `input` to `sink`, and returns after the normal end.
    static func write(from input: BlockQueue, to sink: any ByteSink, meter: StageMeter) throws {
        defer { input.close() }
        var clock = BusyClock(meter)
        defer { clock.stop() }
        while let block = try clock.waiting({ try input.pop() }) {
            meter.add(bytes: block.count)
            try block.withBytes { try sink.write($0) }
        }
    }
}

/// A clock that two closures of one thread share.
private final class ClockBox {
    var clock: BusyClock
    init(_ meter: StageMeter) { clock = BusyClock(meter) }
}
