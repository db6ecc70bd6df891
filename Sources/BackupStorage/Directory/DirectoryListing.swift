internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// The objects of a directory in the byte order of their keys.
///
/// A link to a directory is followed, as writing and reading do: a year that was moved to another disk is still there. A
/// link that leads back to a directory above is not, or the listing would have no end. Links to files are no objects.
/// Memory: the entries of one directory at each depth, which the length of a key bounds.
struct DirectoryListing: AsyncSequence, Sendable {
    typealias Element = ObjectInfo
    typealias Failure = any Error

    let store: DirectoryStore
    let prefix: String

    func makeAsyncIterator() -> Iterator { Iterator(store: store, prefix: prefix) }

    private enum Entry: Sendable {
        case object(ObjectInfo)
        /// Below the root, with a slash at its end.
        /// - Parameter above: the directories on the way to it.
        case directory(String, above: [DirectoryID])

        /// A directory sorts as what is in it does: with the slash.
        var sortKey: String {
            switch self {
            case .object(let info): info.key.string
            case .directory(let path, _): path
            }
        }
    }

    /// What a directory is, by whatever name it was reached.
    private struct DirectoryID: Sendable, Equatable {
        let device: dev_t
        let inode: ino_t
    }

    struct Iterator: AsyncIteratorProtocol {
        private let store: DirectoryStore
        private let prefix: String
        /// What is still to be visited, the next one last.
        private var stack: [Entry] = [.directory("", above: [])]

        init(store: DirectoryStore, prefix: String) {
            self.store = store
            self.prefix = prefix
        }

        mutating func next() async throws -> ObjectInfo? {
            while let entry = stack.popLast() {
                try Task.checkCancellation()
                switch entry {
                case .object(let info): return info
                case .directory(let path, let above):
                    let (store, prefix) = (store, prefix)
                    stack += try await store.blocking {
                        try Self.entries(of: path, above: above, in: store, prefix: prefix)
                    }
                }
            }
            return nil
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ObjectInfo? { try await next() }

        /// The last one first.
        private static func entries(
            of path: String, above: [DirectoryID], in store: DirectoryStore, prefix: String
        ) throws -> [Entry] {
            guard let names = try names(in: path, of: store), let own = id(of: path, in: store), !above.contains(own)
            else { return [] }
            var entries: [Entry] = []
            for name in names {
                // An object that is being written, or was when its writer died.
                // Where a file system of its own is the store, its root has a lost+found, which only root can read.
                if path.isEmpty, name == "lost+found" { continue }
                if name.hasPrefix("."), name.hasSuffix(".part") { continue }
                if let entry = try entry(path + name, above: above + [own], in: store), isWanted(entry.sortKey, prefix)
                {
                    entries.append(entry)
                }
            }
            return entries.sorted { $1.sortKey.utf8.lexicographicallyPrecedes($0.sortKey.utf8) }
        }

        /// nil when there is no directory: one that was never made is a store without backups, and one that vanished holds
        /// none any more.
        private static func names(in path: String, of store: DirectoryStore) throws -> [String]? {
            do {
                return try DirectoryNames.of(store.root + "/" + path)
            } catch {
                guard case .systemCall(_, _, let errno) = error else { throw error }
                if errno == ENOENT { return nil }
                throw StorageError.fileSystem(location: store.location, path: path.isEmpty ? "/" : path, errno: errno)
            }
        }

        private static func isWanted(_ path: String, _ prefix: String) -> Bool {
            path.hasPrefix(prefix) || (path.hasSuffix("/") && prefix.hasPrefix(path))
        }

        private static func entry(_ path: String, above: [DirectoryID], in store: DirectoryStore) throws -> Entry? {
            var status = stat()
            guard lstat(store.root + "/" + path, &status) == 0 else { return nil }
            // A name that can't be part of a key is not ours.
            guard let key = try? ObjectKey(path) else { return nil }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return .directory(path + "/", above: above)
            case S_IFLNK: return id(of: path, in: store) == nil ? nil : .directory(path + "/", above: above)
            case S_IFREG:
                return .object(ObjectInfo(key: key, size: UInt64(status.st_size), modified: Date(status.st_mtim)))
            default: return nil
            }
        }

        /// nil for what is no directory, nor a link to one.
        private static func id(of path: String, in store: DirectoryStore) -> DirectoryID? {
            var status = stat()
            guard stat(store.root + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
            return DirectoryID(device: status.st_dev, inode: status.st_ino)
        }
    }
}
