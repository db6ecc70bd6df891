package import BackupCore
internal import CZstd

/// Reads zstd frames one behind another, as `zstd -d` does. Memory: the frame's window, at most 128 MiB
/// (`windowLogMax` 27, the bound of `zstd -d`); level 3 writes windows of 2 MiB.
package final class ZstdDecompressor: ByteTransform {
    private let context: OpaquePointer
    /// 0 between two frames.
    private var expected = 1

    package init() throws(FormatError) {
        guard let context = ZSTD_createDCtx() else { throw .compressorFailed(.zstd) }
        self.context = context
        guard ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)) == 0 else {
            throw .compressorFailed(.zstd)
        }
    }

    deinit { ZSTD_freeDCtx(context) }

    package var largestPiece: Int { 1 }

    package func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var isFull = false
        // A full output may hide more that is ready inside.
        while source.pos < source.size || isFull {
            try output.withSpace(atLeast: 1) { space in
                var target = ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
                expected = ZSTD_decompressStream(context, &target, &source)
                guard ZSTD_isError(expected) == 0 else { throw FormatError.badCompressedData(.zstd) }
                isFull = target.pos == target.size && expected != 0
                return target.pos
            }
        }
    }

    package func finish(into output: inout BlockWriter) throws {
        guard expected == 0 else { throw FormatError.truncatedCompressedData(.zstd) }
    }
}
