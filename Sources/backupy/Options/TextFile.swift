internal import Glibc

/// Small files that a person names.
enum TextFile {
    /// - Throws: ``CommandError`` when it can't be read, or has more than `limit` bytes.
    static func read(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadableFile(path, errno: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let free = bytes.count - count
            let read = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, free) }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw .unreadableFile(path, errno: errno) }
            if read == 0 { break }
            count += read
        }
        guard count <= limit else { throw .fileTooLarge(path, limit: limit) }
        return Array(bytes[..<count])
    }
}
