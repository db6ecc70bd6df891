internal import Crypto

/// The SHA-256 of bytes that pass by.
package struct StreamHash {
    private var hash = SHA256()

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// Lower-case hex.
    package var hex: String { hash.finalize().lowerCaseHex }
}
