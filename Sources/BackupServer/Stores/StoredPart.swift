internal import BackupCore
internal import Glibc

/// One part of an upload, on disk, open for reading.
final class StoredPart {
    private let path: String
    private let descriptor: Int32
    let size: UInt64
    /// Changes whenever the file is replaced. With its quotes, as HTTP has it.
    let tag: String

    init(path: String) throws(CoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .systemCall("open", on: path, errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let failure = errno
            close(descriptor)
            throw .systemCall("stat", on: path, errno: failure)
        }
        self.path = path
        self.descriptor = descriptor
        size = UInt64(status.st_size)
        tag = "\"\(status.st_size)-\(status.st_mtim.tv_sec)-\(status.st_mtim.tv_nsec)-\(status.st_ino)\""
    }

    deinit { close(descriptor) }

    /// Gives the very file that is open, which is on the disk already, another name.
    /// - Returns: false where its file system has no second names, or it was replaced meanwhile: it can be copied then.
    /// - Throws: ``CoreError/fileExists(_:)``, ``CoreError/systemCall(_:on:errno:)``.
    func link(as name: String) throws(CoreError) -> Bool {
        guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
            guard errno == EEXIST else { return false }
            throw .fileExists(name)
        }
        do {
            try OutputFile.syncDirectory(of: name)
        } catch {
            // What may be gone after a power failure is not there now either.
            unlink(name)
            throw error
        }
        return true
    }

    /// Memory: 1 MiB.
    func copy(to file: OutputFile) throws {
        try withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 16) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw CoreError.systemCall("read", on: path, errno: errno) }
                guard count > 0 else { return }
                try file.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
            }
        }
    }
}
