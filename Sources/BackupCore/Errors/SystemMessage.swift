internal import Glibc

/// The C library's words for an error number.
package enum SystemMessage {
    /// `No space left on device`, for `ENOSPC`. Thread-safe, unlike strerror(3).
    package static func of(_ errno: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, strerror_r(errno, base, buffer.count) == 0 else {
                return "error \(errno)"
            }
            return String(cString: base)
        }
    }
}
