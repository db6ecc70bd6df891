package import BackupControl
package import BackupCore
internal import BackupStorage
package import FoundationEssentials
internal import Glibc

/// A directory of the server's own, so that a first backup needs nobody's cloud: objects in `objects`, and parts of uploads in
/// `uploads/ID` until they are made into one.
///
/// Completing copies the parts, so it needs as much room again for that time. Memory: one block.
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
        if let stored = try await directory.info(key)?.size {
            // Asked again, or its answer was lost.
            guard stored == size else { throw StorageError.objectExists(key.string, location: location) }
            return stored
        }
        try await blocking { try directory.makeDirectories(above: key) }
        do {
            try await blocking { try assemble(key, uploadID, parts) }
        } catch StorageError.objectExists {
            // Where it was asked twice at once, the other one made it.
            guard try await directory.info(key)?.size == size else {
                throw StorageError.objectExists(key.string, location: location)
            }
        }
        try await abort(key, uploadID)
        return size
    }

    private func assemble(_ key: ObjectKey, _ uploadID: String, _ parts: [UploadedPartInfo]) throws {
        guard isUpload(uploadID) else { throw StorageError.notFound(uploadID, location: location) }
        let file = try OutputFile(directory.path(of: key))
        do {
            for part in parts.sorted(by: { $0.number < $1.number }) {
                let stored = try StoredPart(path: path(uploadID, part.number))
                guard stored.size == part.size, stored.tag == part.etag else {
                    throw StorageError.notFound("part \(part.number) of \(key)", location: location)
                }
                try stored.copy(to: file)
            }
            try file.commit()
        } catch {
            file.discard()
            throw error
        }
    }

    package func abort(_ key: ObjectKey, _ uploadID: String) async throws {
        guard isUpload(uploadID) else { return }
        try await blocking {
            let folder = folder(uploadID)
            guard access(folder, F_OK) == 0 else { return }
            for name in try DirectoryNames.of(folder) where unlink("\(folder)/\(name)") != 0 && errno != ENOENT {
                throw CoreError.systemCall("unlink", on: name, errno: errno)
            }
            guard rmdir(folder) == 0 || errno == ENOENT else {
                throw CoreError.systemCall("rmdir", on: folder, errno: errno)
            }
        }
    }

    package func isLocked(_ key: ObjectKey, at time: Date) async throws -> Bool { false }

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
