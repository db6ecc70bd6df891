package import BackupCore
internal import CZlib

/// gzip (RFC 1952). Memory: about 256 KiB.
package final class GzipCompressor: ByteTransform {
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Throws: ``FormatError/badLevel(_:_:)``
    package init(level: Int = 6) throws(FormatError) {
        guard (1...9).contains(level) else { throw .badLevel(level, .gzip) }
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 above the window's 15 bits: with gzip's header and trailer (zlib.h).
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .compressorFailed(.gzip) }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    package var largestPiece: Int { 1 }

    package func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        for piece in input.pieces(of: 1 << 30) {
            stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(piece.count)
            while stream.pointee.avail_in > 0 { _ = try step(Z_NO_FLUSH, &output) }
        }
    }

    package func finish(into output: inout BlockWriter) throws {
        stream.pointee.next_in = nil
        stream.pointee.avail_in = 0
        while try step(Z_FINISH, &output) != Z_STREAM_END {}
    }

    private func step(_ flush: Int32, _ output: inout BlockWriter) throws -> Int32 {
        var status = Z_OK
        try output.withSpace(atLeast: 1) { space in
            let room = min(space.count, 1 << 30)
            stream.pointee.next_out = space.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(room)
            status = deflate(stream, flush)
            guard status == Z_OK || status == Z_STREAM_END else { throw FormatError.compressorFailed(.gzip) }
            return room - Int(stream.pointee.avail_out)
        }
        return status
    }
}

extension UnsafeRawBufferPointer {
    /// Cut into pieces that a C interface with 32-bit counts can take.
    func pieces(of size: Int) -> some Sequence<UnsafeRawBufferPointer> {
        stride(from: 0, to: count, by: size).lazy.map {
            UnsafeRawBufferPointer(rebasing: self[$0..<Swift.min($0 + size, count)])
        }
    }
}
