package import BackupControl
internal import BackupCore
internal import BackupStorage
internal import FoundationEssentials
internal import Glibc

/// The stores of all profiles, open as long as they are used.
package actor StorageService {
    /// Where a profile's secret stands (``SealedText``).
    package static func place(ofSecretOf id: StorageProfile.ID) -> String { "storage/\(id)/secret" }
    /// How long a test may take.
    private static let testLimit = Duration.seconds(60)

    private struct Open {
        let profile: StorageProfile
        let target: any UploadTarget
    }

    private let plans: any PlanStore
    private let keys: MasterKeys
    private let links: StoreLinks
    private let dataDirectory: String
    private var targets: [StorageProfile.ID: Open] = [:]
    /// Of profiles that were changed: somebody may still be at work with them.
    private var retired: [any UploadTarget] = []

    package init(plans: any PlanStore, keys: MasterKeys, links: StoreLinks, dataDirectory: String) {
        self.plans = plans
        self.keys = keys
        self.links = links
        self.dataDirectory = dataDirectory
    }

    /// - Throws: ``DispatchError/storageGone(_:)``; what is wrong with the profile.
    package func target(_ id: StorageProfile.ID) async throws -> any UploadTarget {
        guard let profile = try await plans.storage(id) else { throw DispatchError.storageGone(id.string) }
        if let open = targets[id] {
            if open.profile == profile { return open.target }
            retired.append(open.target)
        }
        let target = try open(profile)
        targets[id] = Open(profile: profile, target: target)
        return target
    }

    /// nil for a profile that is no directory of this server.
    func embedded(_ id: StorageProfile.ID) async throws -> EmbeddedStore? {
        do {
            return try await target(id) as? EmbeddedStore
        } catch DispatchError.storageGone {
            return nil
        }
    }

    /// Really puts, gets and deletes, with an object that no backup has the name of.
    /// - Throws: the first thing that does not work.
    package func test(_ profile: StorageProfile) async throws {
        let target = try open(profile)
        do {
            try await Self.test(target)
        } catch {
            await target.close()
            throw error
        }
        await target.close()
    }

    private static func test(_ target: any UploadTarget) async throws {
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        let key = try ObjectKey("backupy-test/\(random)")
        let bytes = Array("backupy \(random)".utf8)
        _ = try await target.objects.put(key, from: SmallStream.of(bytes), sizeHint: UInt64(bytes.count))
        var received: [UInt8] = []
        for try await block in try await target.objects.get(key, range: nil).bytes {
            block.withBytes { received += $0.prefix(bytes.count + 1 - received.count) }
        }
        try await target.objects.delete(key)
        guard received == bytes else { throw DispatchError.storeTestFailed("other bytes came back") }
        let upload = try await target.begin(key)
        try await target.abort(key, upload)
    }

    /// Closes everything; it can't be used afterwards.
    package func close() async {
        let all = retired + targets.values.map(\.target)
        (targets, retired) = ([:], [])
        for target in all { await target.close() }
    }

    private func open(_ profile: StorageProfile) throws -> any UploadTarget {
        switch profile.place {
        case .embedded(let directory):
            let root = directory.hasPrefix("/") ? directory : "\(dataDirectory)/\(directory)"
            return EmbeddedStore(profile: profile.id, root: root, links: links)
        case .s3(let s3):
            let secret = try profile.sealedSecret.map { try keys.open($0, for: Self.place(ofSecretOf: profile.id)) }
            var settings = S3Settings(
                credentials: S3Credentials(
                    accessKeyID: s3.accessKeyID, secretAccessKey: secret ?? Secret("")),
                region: s3.region, endpoint: try s3.endpoint.map { try S3Endpoint($0) })
            settings.isPathStyle = s3.isPathStyle
            settings.caFile = try s3.caCertificate.map { try authorityFile($0, of: profile.id) }
            return S3UploadTarget(try S3Store(bucket: s3.bucket, prefix: s3.prefix, settings: settings))
        }
    }

    private func authorityFile(_ text: String, of id: StorageProfile.ID) throws -> String {
        let path = "\(dataDirectory)/storage-\(id).pem"
        let file = try OutputFile(path, replacing: true)
        do {
            try Array(text.utf8).withUnsafeBytes { try file.write($0) }
            try file.place()
        } catch {
            file.discard()
            throw error
        }
        return path
    }
}
