internal import BackupCore
internal import Glibc

/// A file that only its owner reads.
enum PrivateFile {
    /// Writes a new file (0600), and returns once it is on the disk.
    /// - Throws: ``CommandError``; nothing is left under `path` then, unless it was there before.
    static func create(_ path: String, text: String) throws(CommandError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .fileExists(path) : .unwritableFile(path, errno: errno)
        }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw undo(path) }
            bytes = bytes.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw undo(path) }
    }

    private static func undo(_ path: String) -> CommandError {
        let failure = errno
        unlink(path)
        return .unwritableFile(path, errno: failure)
    }
}
