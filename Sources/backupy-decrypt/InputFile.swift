internal import BackupCore
internal import Glibc

/// A file that is read from its beginning to its end.
final class InputFile {
    private let path: String
    private let descriptor: Int32
    /// In bytes; nil for what is not a regular file.
    let size: UInt64?

    init(_ path: String) throws(CoreError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .systemCall("open", on: path, errno: errno) }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? UInt64(clamping: status.st_size) : nil
    }

    deinit { close(descriptor) }

    /// Memory: one piece of 1 MiB.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CoreError.systemCall("read", on: path, errno: errno) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The whole content of a small file.
    func readAll(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachPiece { piece in
            guard bytes.count + piece.count <= limit else { throw CoreError.systemCall("read", on: path, errno: EFBIG) }
            bytes.append(contentsOf: piece)
        }
        return bytes
    }
}
