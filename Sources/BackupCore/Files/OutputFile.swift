internal import CBackupSystem
internal import Glibc
internal import Synchronization

/// A new file that appears under its name only when all of it is there and proven.
///
/// It grows as `.NAME.RANDOM.part` (0600) in the same directory. ``commit()`` makes it durable and gives it its name;
/// ``discard()`` removes it. After a SIGKILL the `.part` file remains, never a file under the final name.
package final class OutputFile: ByteSink {
    package let path: String
    /// Where it grows. For whoever must look into the file before it counts.
    package let temporaryPath: String
    private let descriptor: Int32
    private let isCancelled = Atomic(false)
    private let hasName = Atomic(false)

    /// - Parameter replacing: whether a file at `path` is meant to be replaced, by ``replace()``.
    /// - Throws: ``CoreError/fileExists(_:)`` when there is something at `path` that isn't.
    package init(_ path: String, replacing: Bool = false) throws(CoreError) {
        if !replacing {
            var status = stat()
            guard lstat(path, &status) != 0 else { throw .fileExists(path) }
            guard errno == ENOENT else { throw .systemCall("open", on: path, errno: errno) }
        }
        let directory = Self.directory(of: path)
        let name = path.split(separator: "/").last.map(String.init) ?? "output"
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        temporaryPath = "\(directory)/.\(name.prefix(50)).\(random).part"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .systemCall("create", on: path, errno: errno) }
        self.path = path
    }

    deinit { close(descriptor) }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw CoreError.systemCall("write", on: path, errno: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    package func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// Gives the file its name, once it is on the disk.
    /// - Throws: ``CoreError``; the file then remains a temporary one.
    package func commit() throws(CoreError) {
        guard fsync(descriptor) == 0 else { throw .systemCall("fsync", on: path, errno: errno) }
        // A hard link, because rename(2) would silently replace a file that has appeared meanwhile; where a file system
        // has none, its exclusive rename.
        if link(temporaryPath, path) == 0 {
            unlink(temporaryPath)
        } else if ![EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno)
            || backup_rename_exclusive(temporaryPath, path) != 0
        {
            throw errno == EEXIST ? .fileExists(path) : .systemCall("link", on: path, errno: errno)
        }
        do {
            try syncDirectory()
        } catch {
            // What may be gone after a power failure is not there now either.
            unlink(path)
            throw error
        }
        hasName.store(true, ordering: .relaxed)
    }

    /// Whether the file has its final name. After a failed ``replace()`` it can be so, without being durable.
    package var isInPlace: Bool { hasName.load(ordering: .relaxed) }

    /// As ``commit()``, but takes the place of the file that is there, with its owner and permissions.
    package func replace() throws(CoreError) {
        var status = stat()
        guard stat(path, &status) == 0, fchown(descriptor, status.st_uid, status.st_gid) == 0,
            fchmod(descriptor, status.st_mode & 0o7777) == 0
        else { throw .systemCall("keep the owner", on: path, errno: errno) }
        guard fsync(descriptor) == 0 else { throw .systemCall("fsync", on: path, errno: errno) }
        guard rename(temporaryPath, path) == 0 else { throw .systemCall("rename", on: path, errno: errno) }
        hasName.store(true, ordering: .relaxed)
        try syncDirectory()
    }

    /// As ``commit()``, but takes the place of whatever is there.
    package func place() throws(CoreError) {
        guard fsync(descriptor) == 0 else { throw .systemCall("fsync", on: path, errno: errno) }
        guard rename(temporaryPath, path) == 0 else { throw .systemCall("rename", on: path, errno: errno) }
        hasName.store(true, ordering: .relaxed)
        try syncDirectory()
    }

    private func syncDirectory() throws(CoreError) { try Self.syncDirectory(of: path) }

    /// Makes names durable: that of `path`, and all others beside it.
    package static func syncDirectory(of path: String) throws(CoreError) {
        let directory = directory(of: path)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .systemCall("open", on: directory, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .systemCall("fsync", on: directory, errno: errno) }
    }

    /// Runs `body` with a new file, which gets its name when `body` returns, and is removed when it throws.
    package static func write<R: Sendable>(_ path: String, _ body: (OutputFile) async throws -> R) async throws -> R {
        let file = try OutputFile(path)
        do {
            let value = try await body(file)
            try await BlockingThread.run("fsync") { try file.commit() }
            return value
        } catch {
            file.discard()
            throw error
        }
    }

    /// Removes what was written.
    package func discard() { unlink(temporaryPath) }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
