package import BackupCore
internal import FoundationEssentials

/// Whose requests they are.
package struct S3Credentials: Sendable {
    package let accessKeyID: String
    package let secretAccessKey: Secret
    /// Of temporary credentials.
    package let sessionToken: Secret?

    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// How an S3 server is reached.
package struct S3Settings: Sendable {
    package var credentials: S3Credentials
    package var region: String
    /// nil for AWS.
    package var endpoint: S3Endpoint?
    /// Whether the bucket is in the path, not in the host's name; nil for what is usual there.
    package var isPathStyle: Bool?
    /// A PEM file of certificate authorities, instead of the system's.
    package var caFile: String?
    package var retries = RetryPolicy()
    /// How long a connection may be silent, and how long making one may take.
    package var stallTimeout = Duration.seconds(60)
    package var connectTimeout = Duration.seconds(10)

    package init(credentials: S3Credentials, region: String, endpoint: S3Endpoint? = nil) {
        self.credentials = credentials
        self.region = region
        self.endpoint = endpoint
    }

    var transport: TransportSettings {
        var transport = TransportSettings()
        transport.caFile = caFile
        transport.retries = retries
        transport.stallTimeout = stallTimeout
        transport.connectTimeout = connectTimeout
        return transport
    }

    /// What a person wrote on a command line; nil for what they didn't.
    package struct Flags: Sendable {
        package var endpoint: String?
        package var region: String?
        package var isPathStyle: Bool?
        package var caFile: String?

        package init() {}
    }

    /// Flags first, then the AWS environment variables, then the profile files.
    ///
    /// Source: "Configuration and credential file settings" of the AWS CLI. Single sign-on, `credential_process` and
    /// instance roles are not asked.
    /// - Throws: ``StorageError/noCredentials(profile:)``, ``StorageError/invalidSetting(_:reason:)``.
    package static func resolve(_ flags: Flags, environment: [String: String]) throws -> S3Settings {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let profile = try AWSProfile.load(environment: environment)
        let credentials: S3Credentials
        if let id = variable("AWS_ACCESS_KEY_ID"), let secret = variable("AWS_SECRET_ACCESS_KEY") {
            credentials = S3Credentials(
                accessKeyID: id, secretAccessKey: Secret(secret),
                sessionToken: variable("AWS_SESSION_TOKEN").map { Secret($0) })
        } else if let id = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] {
            credentials = S3Credentials(
                accessKeyID: id, secretAccessKey: Secret(secret),
                sessionToken: profile["aws_session_token"].map { Secret($0) })
        } else {
            throw StorageError.noCredentials(profile: profile.name)
        }
        // They go into headers, where a line break would be the beginning of another one.
        let words = [credentials.accessKeyID, credentials.sessionToken?.revealed ?? ""]
        guard words.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }) else {
            throw StorageError.invalidSetting(
                "credentials", reason: "a key or a token has a space or a line break in it")
        }
        let region =
            flags.region ?? variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? profile["region"] ?? "us-east-1"
        guard region.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }), !region.isEmpty else {
            throw StorageError.invalidSetting("region", reason: "a region is a word like eu-central-1")
        }
        let endpoint =
            flags.endpoint ?? variable("AWS_ENDPOINT_URL_S3") ?? variable("AWS_ENDPOINT_URL") ?? profile["endpoint_url"]
        var settings = S3Settings(
            credentials: credentials, region: region, endpoint: try endpoint.map { try S3Endpoint($0) })
        settings.isPathStyle =
            flags.isPathStyle ?? profile["addressing_style"].flatMap { ["path": true, "virtual": false][$0] }
        settings.caFile = flags.caFile ?? variable("AWS_CA_BUNDLE") ?? profile["ca_bundle"]
        return settings
    }
}

/// An S3 server's address: `https://s3.example.com`, with a port and a path where it needs them.
package struct S3Endpoint: Sendable, Equatable {
    package let isSecure: Bool
    package let host: String
    /// nil for the scheme's own.
    let port: Int?
    /// Without a slash at its end; mostly empty.
    package let path: String

    /// - Throws: ``StorageError/invalidSetting(_:reason:)``.
    package init(_ text: String) throws(StorageError) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else {
            throw .invalidSetting("endpoint", reason: "it is not an http:// or https:// address")
        }
        guard let host = url.host(), !host.isEmpty, url.query == nil, url.user == nil, url.fragment == nil else {
            throw .invalidSetting("endpoint", reason: "it is more or less than an address: https://HOST:PORT")
        }
        isSecure = scheme == "https"
        self.host = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        port = url.port
        path = SigV4Signer.encode(
            String(url.path(percentEncoded: false).reversed().drop { $0 == "/" }.reversed()), keepingSlashes: true)
    }

    private init(host: String) {
        isSecure = true
        self.host = host
        port = nil
        path = ""
    }

    static func aws(region: String) -> Self {
        Self(host: "s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : ""))
    }

    /// `Host` of a request, without the scheme's own port.
    package func authority(bucket: String? = nil) -> String {
        let name = bucket.map { "\($0).\(host)" } ?? host
        guard let port, port != (isSecure ? 443 : 80) else { return name }
        return "\(name):\(port)"
    }
}

/// How often and how patiently a request is tried again.
package struct RetryPolicy: Sendable {
    /// While the store has answered nothing yet: that is a wrong address more often than an outage, and somebody waits.
    package var attempts = 6
    /// Once it has answered: a long run outlives an outage of at least 2 minutes (135 s when every wait is the shortest).
    package var patientAttempts = 19
    /// Before the second attempt; doubled each time. The wait is a random part of it, and at least half: clients that
    /// failed together don't come back together, and none gives up early.
    package var firstDelay = Duration.milliseconds(500)
    package var largestDelay = Duration.seconds(20)

    package init() {}

    /// - Parameter attempt: the one that failed, from 1.
    package func delay(after attempt: Int) -> Duration {
        let ceiling = min(firstDelay * (1 << min(attempt - 1, 16)), largestDelay)
        return ceiling * Double.random(in: 0.5...1)
    }
}
