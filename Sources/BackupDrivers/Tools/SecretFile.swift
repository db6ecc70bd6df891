internal import BackupCore
internal import Glibc

/// A file of settings for a tool, with a password in it: 0600, in a directory of its own that only we can enter.
///
/// Removed with the last reference. One that a killed process has left behind is removed by the next one.
final class SecretFile: Sendable {
    private static let prefix = ".backupy-settings-"

    let path: String
    private let directory: String
    /// Held as long as the file is in use.
    private let lock: Int32

    /// - Parameter temporary: the directory for temporary files.
    init(_ contents: String, in temporary: String) throws(CoreError) {
        Self.removeLeftovers(in: temporary)
        var template = Array("\(temporary)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .systemCall("mkdtemp", on: temporary, errno: errno) }
        directory = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        path = directory + "/settings"
        lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Whoever looks for leftovers may hold it for a moment.
        while flock(lock, LOCK_EX) != 0, errno == EINTR {}
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .systemCall("open", on: path, errno: errno) }
        defer { close(file) }
        var rest = Array(contents.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .systemCall("write", on: path, errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    deinit {
        unlink(path)
        rmdir(directory)
        close(lock)
    }

    private static func removeLeftovers(in place: String) {
        for name in (try? DirectoryNames.of(place)) ?? [] where name.hasPrefix(prefix) {
            let directory = "\(place)/\(name)"
            let lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard lock >= 0 else { continue }
            // One without a file may be about to get it: its owner has not locked it yet.
            if flock(lock, LOCK_EX | LOCK_NB) == 0, unlink(directory + "/settings") == 0 { rmdir(directory) }
            close(lock)
        }
    }
}
