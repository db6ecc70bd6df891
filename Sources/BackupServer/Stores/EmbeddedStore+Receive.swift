internal import BackupCore
internal import BackupStorage
internal import Glibc
internal import NIOCore

/// What agents send.
extension EmbeddedStore {
    /// What a request said about its body, against what came.
    enum ReceiveError: Error {
        case incomplete(received: UInt64)
        case noSuchUpload
    }

    /// Stores a part, in place of one that was there under its number.
    /// - Returns: its tag.
    /// - Throws: ``ReceiveError``, ``StorageError``; errors of `body` unchanged. Nothing is left then.
    func receive<Body: AsyncSequence>(
        part number: Int, of uploadID: String, length: UInt64, _ body: Body
    ) async throws -> String where Body.Element == ByteBuffer {
        guard isUpload(uploadID), try await blocking({ access(folder(uploadID), F_OK) == 0 }) else {
            throw ReceiveError.noSuchUpload
        }
        let path = path(uploadID, number)
        let file = try await blocking { try OutputFile(path, replacing: true) }
        do {
            try await fill(file, length: length, body)
            return try await blocking {
                try file.place()
                return try StoredPart(path: path).tag
            }
        } catch {
            file.discard()
            throw error
        }
    }

    /// Stores an object in one piece, never in place of another.
    /// - Throws: as ``receive(part:of:length:_:)``, and ``StorageError/objectExists(_:location:)``.
    func receive<Body: AsyncSequence>(_ key: ObjectKey, length: UInt64, _ body: Body) async throws
    where Body.Element == ByteBuffer {
        let file = try await blocking {
            try directory.makeDirectories(above: key)
            return try OutputFile(directory.path(of: key))
        }
        do {
            try await fill(file, length: length, body)
            try await blocking { try file.commit() }
        } catch {
            file.discard()
            throw error
        }
    }

    /// Memory: 1 MiB, and what the connection has received.
    private func fill<Body: AsyncSequence>(_ file: OutputFile, length: UInt64, _ body: Body) async throws
    where Body.Element == ByteBuffer {
        var received: UInt64 = 0
        var pending = ByteBuffer()
        for try await var buffer in body {
            received += UInt64(buffer.readableBytes)
            guard received <= length else { throw ReceiveError.incomplete(received: received) }
            pending.writeBuffer(&buffer)
            guard pending.readableBytes >= 1 << 20 else { continue }
            let block = pending
            try await blocking { try block.withUnsafeReadableBytes { try file.write($0) } }
            pending.clear()
        }
        guard received == length else { throw ReceiveError.incomplete(received: received) }
        let rest = pending
        try await blocking { try rest.withUnsafeReadableBytes { try file.write($0) } }
    }
}
