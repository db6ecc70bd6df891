package import BackupControl
package import BackupCore
package import BackupStorage
package import FoundationEssentials
internal import Glibc

/// A directory of the server's own, so that a first backup needs nobody's cloud: objects in `objects`, and parts of uploads in
/// `uploads/ID` until they are made into one.
///
/// Completing copies the parts, so it needs as much room again for that time; one that is alone only gets its name. Memory: one block.
package struct EmbeddedStore: UploadTarget {
    package static let limits = UploadLimits(minPartBytes: 1 << 20, maxPartBytes: 5 << 30, maxParts: 10_000)

    package let profile: StorageProfile.ID
    private let root: String
    private let links: StoreLinks
    let directory: DirectoryStore

    package init(profile: StorageProfile.ID, root: String, links: StoreLinks) {
        self.profile = profile
        self.root = root
        self.links = links
        directory = DirectoryStore(path: root + "/objects")
    }

    package var location: String { directory.location }
    package var limits: UploadLimits { Self.limits }
    package var isCreateOnlyByItself: Bool { true }
    package var objects: any ObjectStore { directory }
    package func close() async {}

    // MARK: URLs

    package func part(
        _ key: ObjectKey, _ uploadID: String, number: Int, lifetime: Duration, at time: Date
    ) -> PresignedPart {
        let url = links.url("PUT", profile, key, uploadID: uploadID, part: number, lifetime: lifetime, at: time)
        return PresignedPart(number: number, url: url)
    }

    package func put(_ key: ObjectKey, isCreateOnly: Bool, lifetime: Duration, at time: Date) -> PresignedURL {
        var url = links.url("PUT", profile, key, lifetime: lifetime, at: time)
        if isCreateOnly { url.headers["if-none-match"] = "*" }
        return url
    }

    package func get(_ key: ObjectKey, lifetime: Duration, at time: Date) -> PresignedURL {
        links.url("GET", profile, key, lifetime: lifetime, at: time)
    }

    package func download(_ key: ObjectKey, lifetime: Duration, at time: Date) -> PresignedURL {
        links.url("GET", profile, key, isForAgents: false, lifetime: lifetime, at: time)
    }

    // MARK: Uploads in parts

    package func begin(_ key: ObjectKey) async throws -> String {
        let id = (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        try await blocking {
            for path in [root, root + "/uploads", folder(id)] where mkdir(path, 0o700) != 0 && errno != EEXIST {
                throw CoreError.systemCall("mkdir", on: path, errno: errno)
            }
            let file = try OutputFile(folder(id) + "/key")
            try Array(key.string.utf8).withUnsafeBytes { try file.write($0) }
            try file.commit()
        }
        return id
    }

    package func complete(_ key: ObjectKey, _ uploadID: String, parts: [UploadedPartInfo]) async throws -> UInt64 {
        let size = parts.reduce(0) { $0 + $1.size }
        return try await blocking {
            let path = directory.path(of: key)
            // Asked again, or its answer was lost.
            if let stored = try storedSize(path) { return try checked(stored, size, key) }
            try directory.makeDirectories(above: key)
            do {
                try assemble(path, uploadID, parts)
            } catch CoreError.fileExists {
                // Where it was asked twice at once, the other one made it.
                return try checked(try storedSize(path), size, key)
            }
            try remove(uploadID)
            return size
        }
    }

    private func checked(_ stored: UInt64?, _ size: UInt64, _ key: ObjectKey) throws -> UInt64 {
        guard stored == size else { throw StorageError.objectExists(key.string, location: location) }
        return size
    }

    private func storedSize(_ path: String) throws -> UInt64? {
        var status = stat()
        if lstat(path, &status) == 0 { return UInt64(status.st_size) }
        guard errno == ENOENT || errno == ENOTDIR else { throw CoreError.systemCall("stat", on: path, errno: errno) }
        return nil
    }

    private func assemble(_ path: String, _ uploadID: String, _ parts: [UploadedPartInfo]) throws {
        guard isUpload(uploadID) else { throw StorageError.notFound(uploadID, location: location) }
        if let only = parts.first, parts.count == 1, try storedPart(only, of: uploadID).link(as: path) { return }
        let file = try OutputFile(path)
        do {
            for part in parts.sorted(by: { $0.number < $1.number }) {
                try storedPart(part, of: uploadID).copy(to: file)
            }
            try file.commit()
        } catch {
            file.discard()
            throw error
        }
    }

    private func storedPart(_ part: UploadedPartInfo, of uploadID: String) throws -> StoredPart {
        let stored = try StoredPart(path: path(uploadID, part.number))
        guard stored.size == part.size, stored.tag == part.etag else {
            throw StorageError.notFound("part \(part.number) of \(uploadID)", location: location)
        }
        return stored
    }

    package func abort(_ key: ObjectKey, _ uploadID: String) async throws {
        guard isUpload(uploadID) else { return }
        try await blocking { try remove(uploadID) }
    }

    private func remove(_ uploadID: String) throws {
        let folder = folder(uploadID)
        guard access(folder, F_OK) == 0 else { return }
        for name in try DirectoryNames.of(folder) where unlink("\(folder)/\(name)") != 0 && errno != ENOENT {
            throw CoreError.systemCall("unlink", on: name, errno: errno)
        }
        guard rmdir(folder) == 0 || errno == ENOENT else {
            throw CoreError.systemCall("rmdir", on: folder, errno: errno)
        }
    }

    package func lock(on key: ObjectKey, at time: Date) async throws -> ObjectLock? { nil }
    package func deleteForGood(_ key: ObjectKey) async throws { try await directory.delete(key) }

    package func unfinishedUploads() async throws -> [(key: String, id: String)] {
        try await blocking {
            guard access(root + "/uploads", F_OK) == 0 else { return [] }
            return try DirectoryNames.of(root + "/uploads").filter(isUpload).map { id in
                let key = try? Data(contentsOf: URL(filePath: folder(id) + "/key"))
                return (String(decoding: key ?? Data(), as: UTF8.self), id)
            }
        }
    }

    // MARK: Files

    /// Whether it can be the id of an upload: nothing else may become a path.
    func isUpload(_ id: String) -> Bool {
        id.utf8.count == 32 && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    func folder(_ uploadID: String) -> String { "\(root)/uploads/\(uploadID)" }
    func path(_ uploadID: String, _ number: Int) -> String { "\(folder(uploadID))/\(number)" }

    func blocking<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        try await directory.blocking(body)
    }
}
