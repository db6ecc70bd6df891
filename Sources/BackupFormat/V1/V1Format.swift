/// Sizes of format v1 (backup-format.md, "v1"): frames of `u32 length ‖ nonce ‖ ciphertext ‖ tag`, and a length of 0 at
/// the end.
enum V1Format {
    static let pieceSize = 1 << 20
    static let nonceSize = 12
    static let tagSize = 16
    static let lengthSize = 4
    static let shortestFrame = nonceSize + tagSize
    static let longestFrame = nonceSize + pieceSize + tagSize

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: value >> 24), UInt8(truncatingIfNeeded: value >> 16),
            UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value),
        ]
    }
}
