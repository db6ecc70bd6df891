package import FoundationEssentials

enum StorageSchema {
    static let name = Schema.line(1...100)
    static let endpoint = Schema.text(.webAddress, length: 1...500)
    static let secret = Schema.text(.opaque, length: 1...1000)
    static let settings: [SchemaField] = [
        .optional("endpoint", endpoint, "Of an S3-compatible store; without one, AWS."),
        .optional("region", .line(1...100)), .optional("bucket", .line(1...255)), .optional("prefix", .line(0...500)),
        .optional("is_path_style", .flag), .optional("access_key_id", .line(1...200)),
        .optional("ca_certificate", .lines(1...100_000), "PEM."),
    ]
}

/// Where backups go. The secret key never comes back.
package struct StorageProfileDocument: APIDocument {
    package let id: String
    package let name: String
    package let kind: String
    package let isDefault: Bool
    package let endpoint: String?
    package let region: String?
    package let bucket: String?
    package let prefix: String?
    package let isPathStyle: Bool?
    package let accessKeyID: String?
    package let caCertificate: String?
    package let hasSecret: Bool
    package let createdAt: Date

    package init(
        id: String, name: String, kind: String, isDefault: Bool, endpoint: String? = nil, region: String? = nil,
        bucket: String? = nil, prefix: String? = nil, isPathStyle: Bool? = nil, accessKeyID: String? = nil,
        caCertificate: String? = nil, hasSecret: Bool, createdAt: Date
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.isDefault = isDefault
        self.endpoint = endpoint
        self.region = region
        self.bucket = bucket
        self.prefix = prefix
        self.isPathStyle = isPathStyle
        self.accessKeyID = accessKeyID
        self.caCertificate = caCertificate
        self.hasSecret = hasSecret
        self.createdAt = createdAt
    }

    package static let schema = Schema.named(
        "StorageProfile",
        [
            .required("id", .id), .required("name", StorageSchema.name),
            .required("kind", .choice(["s3", "embedded"])),
            .required("is_default", .flag), .required("has_secret", .flag), .required("created_at", .time),
        ] + StorageSchema.settings)
}

package struct NewStorageProfile: APIDocument {
    package let name: String
    package let bucket: String
    package let accessKeyID: String
    package let secretAccessKey: String
    package let endpoint: String?
    package let region: String?
    package let prefix: String?
    package let isPathStyle: Bool?
    package let caCertificate: String?
    package let isDefault: Bool?

    package init(
        name: String, bucket: String, accessKeyID: String, secretAccessKey: String, endpoint: String? = nil,
        region: String? = nil, prefix: String? = nil, isPathStyle: Bool? = nil, caCertificate: String? = nil,
        isDefault: Bool? = nil
    ) {
        self.name = name
        self.bucket = bucket
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.endpoint = endpoint
        self.region = region
        self.prefix = prefix
        self.isPathStyle = isPathStyle
        self.caCertificate = caCertificate
        self.isDefault = isDefault
    }

    package static let schema = Schema.named(
        "NewStorageProfile",
        [
            .required("name", StorageSchema.name), .required("bucket", .line(1...255)),
            .required("access_key_id", .line(1...200)), .required("secret_access_key", StorageSchema.secret),
            .optional("is_default", .flag),
        ] + StorageSchema.settings.filter { !["bucket", "access_key_id"].contains($0.name) })
}

package struct StorageProfileChange: APIDocument {
    package let name: String?
    package let isDefault: Bool?
    package let secretAccessKey: String?
    package let endpoint: String?
    package let region: String?
    package let bucket: String?
    package let prefix: String?
    package let isPathStyle: Bool?
    package let accessKeyID: String?
    package let caCertificate: String?

    package init(
        name: String? = nil, isDefault: Bool? = nil, secretAccessKey: String? = nil, endpoint: String? = nil,
        region: String? = nil, bucket: String? = nil, prefix: String? = nil, isPathStyle: Bool? = nil,
        accessKeyID: String? = nil, caCertificate: String? = nil
    ) {
        self.name = name
        self.isDefault = isDefault
        self.secretAccessKey = secretAccessKey
        self.endpoint = endpoint
        self.region = region
        self.bucket = bucket
        self.prefix = prefix
        self.isPathStyle = isPathStyle
        self.accessKeyID = accessKeyID
        self.caCertificate = caCertificate
    }

    package static let schema = Schema.named(
        "StorageProfileChange",
        [
            .optional("name", StorageSchema.name), .optional("is_default", .flag),
            .optional("secret_access_key", StorageSchema.secret),
        ] + StorageSchema.settings)
}

package struct StorageTestDocument: APIDocument {
    package let isUsable: Bool
    package let error: FailureDocument?

    package init(isUsable: Bool, error: FailureDocument?) {
        self.isUsable = isUsable
        self.error = error
    }

    package static let schema = Schema.named(
        "StorageTest", [.required("is_usable", .flag), .optional("error", FailureDocument.schema)])
}

package struct StorageUsageDocument: APIDocument {
    package let storageID: String
    package let backups: Int
    package let sizeBytes: Int

    package init(storageID: String, backups: Int, sizeBytes: Int) {
        self.storageID = storageID
        self.backups = backups
        self.sizeBytes = sizeBytes
    }

    package static let schema = Schema.named(
        "StorageUsage",
        [
            .required("storage_id", .id), .required("backups", .integer(0...Int64.max)),
            .required("size_bytes", .integer(0...Int64.max)),
        ])
}
