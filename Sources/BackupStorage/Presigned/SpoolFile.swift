internal import BackupCore
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Bytes on a disk that wait for their end to be known.
///
/// The file has no name from the moment it is open, so it is gone with its last reference, or with the process, however
/// that ends. Only ciphertext goes in here.
final class SpoolFile: Sendable {
    static let suffix = ".spool"
    /// How often the free space is looked at.
    private static let checkedEvery: UInt64 = 16 << 20

    private let settings: SpoolSettings
    private let descriptor: Int32
    private let written = Atomic<UInt64>(0)

    /// In bytes.
    var size: UInt64 { written.load(ordering: .relaxed) }

    /// - Throws: ``StorageError/fileSystem(location:path:errno:)``, ``StorageError/spoolFull(directory:written:)``.
    init(_ settings: SpoolSettings) throws {
        let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let path = "\(settings.directory)/\(random)\(Self.suffix)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(errno, settings, written: 0) }
        self.settings = settings
        guard unlink(path) == 0 else { throw Self.failure(errno, settings, written: 0) }
        try checkRoom()
    }

    deinit { close(descriptor) }

    /// Blocks on the disk. By one thread at a time.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        let before = size
        if before / Self.checkedEvery != (before + UInt64(bytes.count)) / Self.checkedEvery { try checkRoom() }
        var rest = bytes
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(errno, settings, written: size) }
            written.wrappingAdd(UInt64(count), ordering: .relaxed)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Up to `limit` bytes from `offset` on; none behind the end.
    func read(at offset: UInt64, upTo limit: Int) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            var buffer = ByteBufferAllocator().buffer(capacity: limit)
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: limit) { space in
                while true {
                    let count = pread(descriptor, space.baseAddress, min(limit, space.count), off_t(offset))
                    if count < 0, errno == EINTR { continue }
                    guard count >= 0 else { throw Self.failure(errno, settings, written: size) }
                    return count
                }
            }
            return buffer
        }
    }

    private func checkRoom() throws {
        var status = statvfs()
        guard fstatvfs(descriptor, &status) == 0 else { throw Self.failure(errno, settings, written: size) }
        let free = UInt64(status.f_bavail) &* UInt64(status.f_frsize)
        guard free > Self.checkedEvery, free - Self.checkedEvery > settings.reserve else {
            throw StorageError.spoolFull(directory: settings.directory, written: size)
        }
    }

    private static func failure(_ errno: Int32, _ settings: SpoolSettings, written: UInt64) -> StorageError {
        [ENOSPC, EDQUOT].contains(errno)
            ? .spoolFull(directory: settings.directory, written: written)
            : .fileSystem(location: settings.directory, path: "the spool file", errno: errno)
    }
}
