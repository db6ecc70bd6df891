internal import BackupAPI
package import BackupControl
internal import BackupCore
internal import Hummingbird

/// Where backups are stored.
package struct StorageRoutes: Sendable {
    let plans: any PlanStore
    let storage: StorageService
    let keys: MasterKeys

    package init(plans: any PlanStore, storage: StorageService, keys: MasterKeys) {
        self.plans = plans
        self.storage = storage
        self.keys = keys
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/storage-profiles", "listStorage", "All stores, newest first.", tag: "storage",
                may: .role(.viewer), query: QueryParameter.page,
                answers: [.ok(ListDocument<StorageProfileDocument>.self)]
            ) { call in
                let page = try await plans.storages(call.page)
                return try .list(page.items.map { StorageProfileDocument($0) }, next: page.nextCursor)
            },
            Endpoint(
                .get, "/v1/storage-profiles/usage", "getStorageUsage", "What each store holds.", tag: "storage",
                may: .role(.viewer), answers: [.ok(ListDocument<StorageUsageDocument>.self)]
            ) { _ in
                try .list(try await plans.storageUsage().prefix(1000).map { StorageUsageDocument($0) }, next: nil)
            },
            Endpoint(
                .post, "/v1/storage-profiles", "createStorage", "Add an S3-compatible store.", tag: "storage",
                may: .role(.admin), body: NewStorageProfile.self,
                answers: [.created(StorageProfileDocument.self), .conflict], handler: create),
            Endpoint(
                .patch, "/v1/storage-profiles/{id}", "updateStorage", "Change a store.", tag: "storage",
                may: .role(.admin), body: StorageProfileChange.self,
                answers: [.ok(StorageProfileDocument.self), .conflict], handler: update),
            Endpoint(
                .delete, "/v1/storage-profiles/{id}", "deleteStorage", "Take a store away that nothing needs.",
                tag: "storage", may: .role(.admin), answers: [.noContent, .conflict]
            ) { call in
                try await plans.deleteStorage(try await profile(call).id)
                return .noContent
            },
            Endpoint(
                .post, "/v1/storage-profiles/{id}/test", "testStorage", "Put, get and delete an object there.",
                tag: "storage", may: .role(.admin), answers: [.ok(StorageTestDocument.self)], handler: test),
        ]
    }

    private func profile(_ call: APICall) async throws -> StorageProfile {
        let id = try call.id(StorageProfile.self)
        guard let profile = try await plans.storage(id) else { throw APIError.notFound("storage profile \(id)") }
        return profile
    }

    private func create(_ call: APICall) async throws -> Answer {
        let request: NewStorageProfile = try call.document()
        var random = SystemRandomNumberGenerator()
        let id = StorageProfile.ID(at: call.now, using: &random)
        let s3 = StorageProfile.S3(
            endpoint: request.endpoint, region: request.region ?? "us-east-1", bucket: request.bucket,
            prefix: request.prefix ?? "", isPathStyle: request.isPathStyle ?? true, accessKeyID: request.accessKeyID,
            caCertificate: request.caCertificate)
        let profile = StorageProfile(
            id: id, name: request.name, place: .s3(s3),
            sealedSecret: try keys.seal(
                Secret(request.secretAccessKey), for: StorageService.place(ofSecretOf: id)),
            isDefault: request.isDefault ?? false, createdAt: call.now)
        try await plans.addStorage(profile)
        call.audit.concerns(id.string, name: profile.name)
        return try .json(StorageProfileDocument(profile), .created)
    }

    private func update(_ call: APICall) async throws -> Answer {
        let change: StorageProfileChange = try call.document()
        var profile = try await profile(call)
        if let name = change.name { profile.name = name }
        if let isDefault = change.isDefault { profile.isDefault = isDefault }
        if let secret = change.secretAccessKey {
            profile.sealedSecret = try keys.seal(
                Secret(secret), for: StorageService.place(ofSecretOf: profile.id))
        }
        if case .s3(var s3) = profile.place {
            if let endpoint = change.endpoint {
                // The stored key must not be sent to an address that somebody else has chosen.
                guard endpoint == s3.endpoint || change.secretAccessKey != nil else {
                    throw APIError.conflict("another endpoint needs the secret key anew")
                }
                s3.endpoint = endpoint
            }
            if let region = change.region { s3.region = region }
            if let bucket = change.bucket { s3.bucket = bucket }
            if let prefix = change.prefix { s3.prefix = prefix }
            if let isPathStyle = change.isPathStyle { s3.isPathStyle = isPathStyle }
            if let accessKeyID = change.accessKeyID { s3.accessKeyID = accessKeyID }
            if let caCertificate = change.caCertificate { s3.caCertificate = caCertificate }
            profile.place = .s3(s3)
        }
        try await plans.updateStorage(profile)
        return try .json(StorageProfileDocument(profile))
    }

    private func test(_ call: APICall) async throws -> Answer {
        do {
            try await storage.test(try await profile(call))
            return try .json(StorageTestDocument(isUsable: true, error: nil))
        } catch let error as any BackupError {
            return try .json(StorageTestDocument(isUsable: false, error: FailureDocument(error)))
        }
    }
}

extension FailureDocument {
    init(_ error: any BackupError) { self.init(code: error.code, message: error.message, hint: error.hint) }
    init(_ failure: RunRecord.Failure) { self.init(code: failure.code, message: failure.message, hint: failure.hint) }
}

extension StorageProfileDocument {
    init(_ profile: StorageProfile) {
        switch profile.place {
        case .embedded:
            self.init(
                id: profile.id.string, name: profile.name, kind: "embedded", isDefault: profile.isDefault,
                hasSecret: false, createdAt: profile.createdAt)
        case .s3(let s3):
            self.init(
                id: profile.id.string, name: profile.name, kind: "s3", isDefault: profile.isDefault,
                endpoint: s3.endpoint, region: s3.region, bucket: s3.bucket, prefix: s3.prefix,
                isPathStyle: s3.isPathStyle, accessKeyID: s3.accessKeyID, caCertificate: s3.caCertificate,
                hasSecret: profile.sealedSecret != nil, createdAt: profile.createdAt)
        }
    }
}

extension StorageUsageDocument {
    init(_ usage: StorageUsage) {
        self.init(
            storageID: usage.storageID.string, backups: usage.backups, sizeBytes: Int(clamping: usage.sizeBytes))
    }
}
