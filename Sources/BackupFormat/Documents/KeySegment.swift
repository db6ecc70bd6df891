internal import Crypto

/// One segment of an object's key, from text that comes from elsewhere.
///
/// Bytes other than letters, digits, `.`, `_` and `-` are written as `=XX`, so that different names stay different, and long ones are
/// cut and end with the beginning of their SHA-256.
package enum KeySegment {
    /// A file system's limit is 255 bytes for one name.
    package static let longest = 100

    package static func of(_ text: String) -> String {
        let written = text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            // A leading dot would make a hidden file, or '..'.
            return isPlain || scalar == "_" || scalar == "-" || scalar == "."
                ? String(scalar) : "=" + [byte].lowerCaseHex
        }
        .joined()
        let safe = written.hasPrefix(".") ? "=2e" + written.dropFirst() : written
        guard safe.utf8.count > longest else { return safe.isEmpty ? "=" : safe }
        let digest = SHA256.hash(data: Array(text.utf8)).lowerCaseHex
        return safe.prefix(longest - 17) + "=" + digest.prefix(16)
    }
}
