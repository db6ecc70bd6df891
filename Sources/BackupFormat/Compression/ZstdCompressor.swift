package import BackupCore
internal import CZstd

/// zstd (RFC 8878) with a checksum of the content. One thread calls it; libzstd's own workers do the work.
///
/// Memory at level 3 with four workers: about 25 MiB, bounded by the size of a job, not by the input.
package final class ZstdCompressor: ByteTransform {
    /// Jobs don't see each other's data (overlapLog 1), which costs less than 1 % of the ratio.
    private static let jobSize: Int32 = 1 << 20
    /// Level 3's tables take 768 KiB, most of a core's cache, and the search waits for memory half of its time. With 320 KiB it
    /// takes a sixth less time, and dumps become 1.6 % larger.
    private static let tables: [(ZSTD_cParameter, Int32)] = [(ZSTD_c_hashLog, 16), (ZSTD_c_chainLog, 14)]
    package static let defaultLevel = 3
    private let context: OpaquePointer

    /// - Parameter workers: threads beside the caller's; 0 for none.
    /// - Throws: ``FormatError/badLevel(_:_:)``
    package init(level: Int = defaultLevel, workers: Int = 4) throws(FormatError) {
        guard (1...19).contains(level) else { throw .badLevel(level, .zstd) }
        guard let context = ZSTD_createCCtx() else { throw .compressorFailed(.zstd) }
        self.context = context
        let parameters: [(ZSTD_cParameter, Int32)] =
            [
                (ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1),
                (ZSTD_c_nbWorkers, Int32(workers)), (ZSTD_c_jobSize, workers > 0 ? Self.jobSize : 0),
                (ZSTD_c_overlapLog, workers > 0 ? 1 : 0),
            ] + (level == Self.defaultLevel ? Self.tables : [])
        for (name, value) in parameters where ZSTD_isError(ZSTD_CCtx_setParameter(context, name, value)) != 0 {
            // A libzstd without threads refuses workers: it compresses on our thread then.
            guard [ZSTD_c_nbWorkers, ZSTD_c_jobSize, ZSTD_c_overlapLog].contains(name) else {
                throw .compressorFailed(.zstd)
            }
        }
    }

    deinit { ZSTD_freeCCtx(context) }

    package var largestPiece: Int { 1 }

    package func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while source.pos < source.size { _ = try step(&source, ZSTD_e_continue, &output) }
    }

    package func finish(into output: inout BlockWriter) throws {
        var source = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        while try step(&source, ZSTD_e_end, &output) != 0 {}
    }

    private func step(
        _ source: inout ZSTD_inBuffer, _ directive: ZSTD_EndDirective, _ output: inout BlockWriter
    ) throws -> Int {
        var remaining = 0
        try output.withSpace(atLeast: 1) { space in
            var target = ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
            remaining = ZSTD_compressStream2(context, &target, &source, directive)
            guard ZSTD_isError(remaining) == 0 else { throw FormatError.compressorFailed(.zstd) }
            return target.pos
        }
        return remaining
    }
}
