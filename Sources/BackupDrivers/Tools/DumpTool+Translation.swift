internal import BackupCore

extension DumpTool {
    /// Gives the tool's stdin to `body`, and passes its stdout on to `output`; returns after all have ended well.
    ///
    /// Memory: 256 KiB and two pipes.
    /// - Throws: what `output` threw, then what `body` threw, then how the tool ended.
    func translate<R: Sendable>(
        into output: any ByteSink, end: RestoreEnd, _ body: @Sendable (any ByteSink) async throws -> R
    ) async throws -> R {
        try await filter(end: end) { input, source in
            async let passed: Void = BlockingThread.run("translate") {
                do { try Self.pass(source, to: output) } catch {
                    // The tool would wait for a reader, and `body` for the tool.
                    input.cancel()
                    throw error
                }
            }
            do {
                let value = try await body(input)
                try await BlockingThread.run("restore") { try input.finish() }
                try await passed
                return value
            } catch {
                source.cancel()
                do { try await passed } catch let first where !(first is CancellationError) { throw first } catch {}
                throw error
            }
        }
    }

    private static func pass(_ source: any ByteSource, to output: any ByteSink) throws {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { space.deallocate() }
        while case let count = try source.read(into: space), count > 0 {
            try output.write(UnsafeRawBufferPointer(rebasing: space[..<count]))
        }
    }
}
