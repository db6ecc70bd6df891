package import FoundationEssentials

/// Where backups are stored.
package struct StorageProfile: Sendable, Equatable {
    package typealias ID = Identifier<StorageProfile>

    package enum Place: Sendable, Equatable {
        case s3(S3)
        /// A directory of the server's own, reached through it by keyed URLs that expire.
        case embedded(directory: String)
    }

    package struct S3: Sendable, Equatable, Codable {
        /// nil for AWS.
        package var endpoint: String?
        package var region: String
        package var bucket: String
        package var prefix: String
        package var isPathStyle: Bool
        package var accessKeyID: String
        /// PEM; nil for the system's.
        package var caCertificate: String?

        package init(
            endpoint: String? = nil, region: String = "us-east-1", bucket: String, prefix: String = "",
            isPathStyle: Bool = true, accessKeyID: String, caCertificate: String? = nil
        ) {
            self.endpoint = endpoint
            self.region = region
            self.bucket = bucket
            self.prefix = prefix
            self.isPathStyle = isPathStyle
            self.accessKeyID = accessKeyID
            self.caCertificate = caCertificate
        }
    }

    package let id: ID
    package var name: String
    package var place: Place
    /// The secret access key under the master key (``SealedText``).
    package var sealedSecret: [UInt8]?
    /// New jobs go here when they name none.
    package var isDefault: Bool
    package let createdAt: Date

    package init(
        id: ID, name: String, place: Place, sealedSecret: [UInt8]? = nil, isDefault: Bool = false, createdAt: Date
    ) {
        self.id = id
        self.name = name
        self.place = place
        self.sealedSecret = sealedSecret
        self.isDefault = isDefault
        self.createdAt = createdAt
    }
}
