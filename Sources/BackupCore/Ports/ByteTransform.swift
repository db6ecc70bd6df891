/// One step of a stream on a thread of its own: compression, encryption, and their ways back.
///
/// Memory: what the implementation says it holds; never more than it was built with, whatever the stream's length.
package protocol ByteTransform {
    /// The largest piece of contiguous space it asks its output for, in bytes. A block is never smaller.
    var largestPiece: Int { get }
    /// Takes all of `input`, and writes what can already be written.
    mutating func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws
    /// Ends the stream. A transform that reads a format throws here when its input was cut short.
    mutating func finish(into output: inout BlockWriter) throws
}

/// Passes bytes on unchanged.
package struct IdentityTransform: ByteTransform {
    package init() {}
    package var largestPiece: Int { 1 }
    package mutating func update(_ input: UnsafeRawBufferPointer, into output: inout BlockWriter) throws {
        try output.write(input)
    }
    package mutating func finish(into output: inout BlockWriter) throws {}
}
