package import BackupStorage
internal import BackupCore
internal import FoundationEssentials

/// Which key of a KMS wraps the master key, and how the KMS is reached.
package struct KMSSettings: Sendable {
    package static let variable = "BACKUPY_MASTER_KEY_KMS"
    package static let previousVariable = "BACKUPY_MASTER_KEY_KMS_PREVIOUS"
    private static let endpointVariable = "BACKUPY_KMS_ENDPOINT"
    private static let regionVariable = "BACKUPY_KMS_REGION"

    /// An id, an ARN or an alias, as it was written: what is wrapped is filed under it.
    package let keyID: String
    package let endpoint: S3Endpoint
    package let signer: SigV4Signer
    /// PEM; nil for the system's authorities.
    package let caFile: String?
    package var retries = RetryPolicy()

    /// - Parameter variable: the one that names the key; nil where it is not set.
    /// - Throws: ``KMSError/invalidSetting(_:reason:)``, ``KMSError/noCredentials(profile:)``.
    package init?(_ variable: String, environment: [String: String]) throws {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let keyID = value(variable) else { return nil }
        guard keyID.utf8.count <= 2048, keyID.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw KMSError.invalidSetting(variable, reason: "it is no key id, ARN or alias")
        }
        let aws = try Self.aws(region: value(Self.regionVariable) ?? Self.region(of: keyID), environment)
        self.keyID = keyID
        endpoint = try Self.endpoint(value(Self.endpointVariable), region: aws.region)
        signer = SigV4Signer(credentials: aws.credentials, region: aws.region, service: "kms")
        caFile = aws.caFile
    }

    /// `arn:aws:kms:REGION:ACCOUNT:key/ID`
    private static func region(of keyID: String) -> String? {
        let parts = keyID.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 5 && parts[0] == "arn" && !parts[3].isEmpty ? String(parts[3]) : nil
    }

    /// Credentials, region and authorities are found as for a store of a command line.
    private static func aws(region: String?, _ environment: [String: String]) throws -> S3Settings {
        var flags = S3Settings.Flags()
        flags.region = region
        do {
            return try S3Settings.resolve(flags, environment: environment)
        } catch StorageError.noCredentials(let profile) {
            throw KMSError.noCredentials(profile: profile)
        } catch StorageError.invalidSetting(let name, let reason) {
            throw KMSError.invalidSetting(name, reason: reason)
        }
    }

    /// The master key comes over it in clear: plain http is for this machine only.
    private static func endpoint(_ text: String?, region: String) throws -> S3Endpoint {
        let address = text ?? "https://kms.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
        do {
            let endpoint = try S3Endpoint(address)
            guard endpoint.isSecure || ["localhost", "127.0.0.1", "[::1]"].contains(endpoint.host.lowercased()) else {
                throw KMSError.invalidSetting(endpointVariable, reason: "plain http is for this machine only")
            }
            return endpoint
        } catch StorageError.invalidSetting(_, let reason) {
            throw KMSError.invalidSetting(endpointVariable, reason: reason)
        }
    }
}
