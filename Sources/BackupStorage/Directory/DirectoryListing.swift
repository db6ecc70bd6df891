internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// The objects of a directory in the byte order of their keys.
///
/// Memory: the entries of one directory at each depth.
struct DirectoryListing: AsyncSequence, Sendable {
    typealias Element = ObjectInfo
    typealias Failure = any Error

    let store: DirectoryStore
    let prefix: String

    func makeAsyncIterator() -> Iterator { Iterator(store: store, prefix: prefix) }

    private enum Entry: Sendable {
        case object(ObjectInfo)
        /// Below the root, with a slash at its end.
        case directory(String)

        /// A directory sorts as what is in it does: with the slash.
        var sortKey: String {
            switch self {
            case .object(let info): info.key.string
            case .directory(let path): path
            }
        }
    }

    struct Iterator: AsyncIteratorProtocol {
        private let store: DirectoryStore
        private let prefix: String
        /// What is still to be visited, the next one last.
        private var stack: [Entry] = [.directory("")]

        init(store: DirectoryStore, prefix: String) {
            self.store = store
            self.prefix = prefix
        }

        mutating func next() async throws -> ObjectInfo? {
            while let entry = stack.popLast() {
                try Task.checkCancellation()
                switch entry {
                case .object(let info): return info
                case .directory(let path):
                    let (store, prefix) = (store, prefix)
                    stack += try await store.blocking { try Self.entries(of: path, in: store, prefix: prefix) }
                }
            }
            return nil
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ObjectInfo? { try await next() }

        /// The last one first.
        private static func entries(of path: String, in store: DirectoryStore, prefix: String) throws -> [Entry] {
            guard let names = try names(in: path, of: store) else { return [] }
            var entries: [Entry] = []
            for name in names {
                // An object that is being written, or was when its writer died.
                // Where a file system of its own is the store, its root has a lost+found, which only root can read.
                if path.isEmpty, name == "lost+found" { continue }
                if name.hasPrefix("."), name.hasSuffix(".part") { continue }
                if let entry = try entry(path + name, in: store), isWanted(entry.sortKey, prefix) {
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

        private static func entry(_ path: String, in store: DirectoryStore) throws -> Entry? {
            var status = stat()
            guard lstat(store.root + "/" + path, &status) == 0 else { return nil }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return .directory(path + "/")
            case S_IFREG:
                // A file whose name can't be a key is not ours.
                guard let key = try? ObjectKey(path) else { return nil }
                return .object(ObjectInfo(key: key, size: UInt64(status.st_size), modified: Date(status.st_mtim)))
            default: return nil
            }
        }
    }
}
