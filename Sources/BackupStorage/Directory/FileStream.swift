internal import BackupCore
internal import Glibc

/// A file that is open for reading.
final class OpenFile: Sendable {
    let size: UInt64
    private let descriptor: Int32
    private let key: ObjectKey
    private let location: String

    init(_ path: String, key: ObjectKey, location: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? StorageError.notFound(key.string, location: location)
                : StorageError.fileSystem(location: location, path: key.string, errno: errno)
        }
        self.key = key
        self.location = location
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? UInt64(status.st_size) : 0
        guard isFile else {
            throw StorageError.notFound(key.string, location: location)
        }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    /// A block from `offset` on, of at most `limit` bytes.
    /// - Throws: ``StorageError/cutShort(_:location:received:expected:)`` when the file has become shorter.
    func block(at offset: UInt64, limit: Int) throws -> ByteBlock {
        let block = ByteBlock(capacity: limit)
        while block.count < limit {
            var count = 0
            block.fill { space in
                count = pread(descriptor, space.baseAddress, space.count, off_t(offset) + off_t(block.count))
                return count
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StorageError.fileSystem(location: location, path: key.string, errno: errno) }
            guard count > 0 else {
                throw StorageError.cutShort(
                    key.string, location: location, received: offset + UInt64(block.count), expected: size)
            }
        }
        return block
    }
}

/// A range of a file, 1 MiB at a time.
struct FileStream: AsyncSequence, Sendable {
    typealias Element = ByteBlock
    typealias Failure = any Error

    static let blockSize: UInt64 = 1 << 20
    let file: OpenFile
    let range: Range<UInt64>

    func makeAsyncIterator() -> Iterator { Iterator(file: file, rest: range) }

    struct Iterator: AsyncIteratorProtocol {
        let file: OpenFile
        var rest: Range<UInt64>

        mutating func next() async throws -> ByteBlock? {
            guard !rest.isEmpty else { return nil }
            try Task.checkCancellation()
            let offset = rest.lowerBound
            let limit = Int(Swift.min(FileStream.blockSize, rest.upperBound - offset))
            let block = try await BlockingThread.run("directory") { [file] in try file.block(at: offset, limit: limit) }
            rest = offset + UInt64(limit)..<rest.upperBound
            return block
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBlock? { try await next() }
    }
}
