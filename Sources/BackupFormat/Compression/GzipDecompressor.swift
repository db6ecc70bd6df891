package import BackupCore
internal import CZlib

/// Reads gzip members one behind another, as gunzip does. Memory: about 64 KiB.
package final class GzipDecompressor: ByteTransform {
    private let stream: UnsafeMutablePointer<z_stream>
    private var isBetweenMembers = false

    package init() throws(FormatError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .compressorFailed(.gzip)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    package var largestPiece: Int { 1 }

    package func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        for piece in input.pieces(of: 1 << 30) {
            stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(piece.count)
            var isFull = false
            while stream.pointee.avail_in > 0 || isFull { isFull = try step(&output) }
        }
    }

    package func finish(into output: inout BlockWriter) throws {
        guard isBetweenMembers else { throw FormatError.truncatedCompressedData(.gzip) }
    }

    /// Returns whether the output was filled, and more may be ready.
    private func step(_ output: inout BlockWriter) throws -> Bool {
        if isBetweenMembers {
            guard inflateReset(stream) == Z_OK else { throw FormatError.compressorFailed(.gzip) }
            isBetweenMembers = false
        }
        var isFull = false
        try output.withSpace(atLeast: 1) { space in
            let room = min(space.count, 1 << 30)
            stream.pointee.next_out = space.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(room)
            let status = inflate(stream, Z_NO_FLUSH)
            // Z_BUF_ERROR: nothing was left to do with a full output of the step before (zlib.h).
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw FormatError.badCompressedData(.gzip)
            }
            isBetweenMembers = status == Z_STREAM_END
            isFull = stream.pointee.avail_out == 0 && status == Z_OK
            return room - Int(stream.pointee.avail_out)
        }
        return isFull
    }
}
