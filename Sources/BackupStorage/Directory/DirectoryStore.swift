package import BackupCore
internal import FoundationEssentials
internal import Glibc

/// A directory: each object is a file, its key the path below.
///
/// An object grows under a temporary name in its final directory, and gets its own name when it is on the disk.
/// Directories are made 0700 and files 0600. Memory: one block of 1 MiB for reading.
package struct DirectoryStore: StoreConnection {
    package var location: String { "file://\(root)" }
    let root: String

    package init(path: String) { root = path }

    package func put(_ key: ObjectKey, from source: ByteStream, sizeHint: UInt64?) async throws -> UInt64 {
        let file = try await blocking { [self] in
            try makeDirectories(above: key)
            return try OutputFile(path(of: key))
        }
        do {
            var size: UInt64 = 0
            for try await block in source {
                try Task.checkCancellation()
                try await blocking { try block.withBytes { try file.write($0) } }
                size += UInt64(block.count)
            }
            try await blocking { try file.commit() }
            return size
        } catch {
            file.discard()
            throw error
        }
    }

    package func get(_ key: ObjectKey, range: Range<UInt64>?) async throws -> StoredContent {
        try await blocking { [self] in
            let file = try OpenFile(path(of: key), key: key, location: location)
            let range = range?.clamped(to: 0..<file.size) ?? 0..<file.size
            return StoredContent(objectSize: file.size, bytes: FileStream(file: file, range: range))
        }
    }

    package func info(_ key: ObjectKey) async throws -> ObjectInfo? {
        try await blocking { [self] in
            var status = stat()
            guard lstat(path(of: key), &status) == 0 else {
                if errno == ENOENT || errno == ENOTDIR { return nil }
                throw StorageError.fileSystem(location: location, path: key.string, errno: errno)
            }
            guard status.st_mode & S_IFMT == S_IFREG else { return nil }
            return ObjectInfo(key: key, size: UInt64(status.st_size), modified: Date(status.st_mtim))
        }
    }

    package func list(prefix: String) -> any AsyncSequence<ObjectInfo, any Error> & Sendable {
        DirectoryListing(store: self, prefix: prefix)
    }

    package func delete(_ key: ObjectKey) async throws {
        try await blocking { [self] in
            guard unlink(path(of: key)) != 0, errno != ENOENT, errno != ENOTDIR else { return }
            throw StorageError.fileSystem(location: location, path: key.string, errno: errno)
        }
    }

    package func close() async {}

    package func path(of key: ObjectKey) -> String { root == "/" ? "/\(key)" : "\(root)/\(key)" }

    /// Runs what blocks on a disk on a thread of its own, and turns errors of files into errors of the store.
    package func blocking<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        do {
            return try await BlockingThread.run("directory", body)
        } catch CoreError.fileExists(let path) {
            throw StorageError.objectExists(String(path.dropFirst(root.count + 1)), location: location)
        } catch CoreError.systemCall(_, _, ENOSPC), CoreError.systemCall(_, _, EDQUOT) {
            throw StorageError.diskFull(location: location)
        } catch CoreError.systemCall(_, let path, let errno) {
            throw StorageError.fileSystem(location: location, path: path, errno: errno)
        }
    }

    /// Makes what is missing, the store's own directory too. A directory is only on the disk once the one above it is.
    package func makeDirectories(above key: ObjectKey) throws {
        var parent = "/"
        for segment in (root + "/" + key.string).split(separator: "/").dropLast() {
            let path = parent == "/" ? "/\(segment)" : "\(parent)/\(segment)"
            if mkdir(path, 0o700) == 0 {
                try OutputFile.syncDirectory(of: path)
            } else if case let failure = errno, failure != EEXIST, access(path, F_OK) != 0 {
                // A directory above may be read-only, or another's; what counts is that it is there.
                throw CoreError.systemCall("mkdir", on: path, errno: failure)
            }
            parent = path
        }
    }
}

extension Date {
    init(_ time: timespec) { self.init(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9) }
}
