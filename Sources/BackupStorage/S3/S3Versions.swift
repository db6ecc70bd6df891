internal import BackupCore
internal import FoundationEssentials

/// The versions of one object, in a bucket that keeps them, as S3 Object Lock needs it.
///
/// There a DeleteObject that names no version always succeeds, and only puts a marker in front of what stays. Whoever wants to know whether
/// something is locked, or take it away for good, has to look behind the markers.
struct S3Versions: Sendable {
    /// How many there may be: nothing is written over on purpose.
    private static let largestCount = 10_000
    /// How far a store's clock may be behind ours: as far as its signatures allow it.
    private static let largestSkew: TimeInterval = 900

    private struct Version {
        let id: String
        let isMarker: Bool
    }

    let key: String
    let client: S3Client

    /// The lock that lasts longest, of all versions.
    func lock(at time: Date) async throws -> ObjectLock? {
        guard let versions = try await list() else { return try await lock(on: nil, at: time) }
        var longest: ObjectLock?
        for version in versions where !version.isMarker {
            do {
                guard let lock = try await lock(on: version.id, at: time), lock.outlasts(longest) else { continue }
                longest = lock
            } catch StorageError.accessDenied {
                // As where it may not list them: the key may look at what is in front only, and hides what is there.
                return try await lock(on: nil, at: time)
            }
        }
        return longest
    }

    /// Takes all of them away; where the key may delete no versions, it hides them, and a rule of the bucket has to do the rest.
    /// - Throws: ``StorageError/locked(_:location:until:)``; others may be gone then.
    func remove() async throws {
        guard let versions = try await list() else { return try await client.delete(key) }
        // Markers last: as long as they stand, nothing that was deleted is visible again.
        for version in versions.filter({ !$0.isMarker }) + versions.filter(\.isMarker) {
            do {
                try await client.delete(key, version: version.id)
            } catch StorageError.accessDenied {
                try await explainRefusal(of: version)
                return try await client.delete(key)
            }
        }
    }

    /// A lock that has just ended by our clock may go on by the store's.
    private func explainRefusal(of version: Version) async throws {
        guard !version.isMarker,
            let lock = try await lock(on: version.id, at: Date().addingTimeInterval(-Self.largestSkew))
        else { return }
        throw StorageError.locked(key, location: client.location, until: lock.until)
    }

    private func lock(on version: String?, at time: Date) async throws -> ObjectLock? {
        var request = S3Request("HeadObject", method: "HEAD", key: key)
        if let version { request.query = [("versionId", version)] }
        return ObjectLock(try await client.send(request, accepting: [404]).headers, at: time)
    }

    // MARK: Listing

    /// nil where there are none besides the object itself, as in a bucket without versions; and where the store doesn't know of versions,
    /// or doesn't tell this key of them.
    private func list() async throws -> [Version]? {
        var versions: [Version] = []
        var next: [(name: String, value: String)]? = []
        while let marker = next {
            guard let page = try await page(after: marker) else { return nil }
            versions += page.children.compactMap { version($0, of: page) }
            next = try following(page, after: marker)
            guard versions.count <= Self.largestCount else { throw invalid("it has no end") }
        }
        return versions.allSatisfy { $0.id == "null" && !$0.isMarker } ? nil : versions
    }

    private func page(after marker: [(name: String, value: String)]) async throws -> XMLElement? {
        var request = S3Request("ListObjectVersions")
        request.query = [("versions", ""), ("encoding-type", "url"), ("max-keys", "1000"), ("prefix", key)] + marker
        request.isCleanUp = true
        do {
            let document = XMLElement.parse(try await client.send(request).body)
            return document?.name == "ListVersionsResult" ? document : nil
        } catch let error as StorageError {
            switch error {
            case .accessDenied, .refused: return nil
            default: throw error
            }
        }
    }

    private func version(_ element: XMLElement, of page: XMLElement) -> Version? {
        guard ["Version", "DeleteMarker"].contains(element.name), Self.key(element["Key"], in: page) == key,
            let id = element["VersionId"]
        else { return nil }
        return Version(id: id.isEmpty ? "null" : id, isMarker: element.name == "DeleteMarker")
    }

    /// What to ask for the next page with; nil where it would have other keys only.
    private func following(
        _ page: XMLElement, after last: [(name: String, value: String)]
    ) throws -> [(name: String, value: String)]? {
        guard page["IsTruncated"] == "true", Self.key(page["NextKeyMarker"], in: page) == key else { return nil }
        let id = page["NextVersionIdMarker"] ?? ""
        guard !last.contains(where: { $0.value == id }) else { throw invalid("it has no next page") }
        return [("key-marker", key), ("version-id-marker", id)]
    }

    private static func key(_ text: String?, in page: XMLElement) -> String? {
        guard let text, page["EncodingType"] == "url" else { return text }
        // Servers of the URL kind write a space as '+'.
        return PercentEncoding.decoded(text.replacing("+", with: " ")) ?? text
    }

    private func invalid(_ reason: String) -> StorageError {
        .invalidResponse(location: client.location, operation: "ListObjectVersions", reason: reason)
    }
}
