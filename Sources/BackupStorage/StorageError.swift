package import BackupCore
package import FoundationEssentials

/// What goes wrong between Backupy and a store.
///
/// Decided by S3's error codes, HTTP statuses and errno; never by the text of a message. `location` names the store.
package enum StorageError: BackupError {
    case invalidLocation(String, reason: String)
    case invalidSetting(String, reason: String)
    case noCredentials(profile: String)

    case notFound(String, location: String)
    case objectExists(String, location: String)
    /// It is in an archive class, from which it must be brought back before it can be read.
    case archived(String, location: String)
    case tooLarge(String, location: String)
    /// S3 Object Lock keeps it; `until` is nil where nobody can say how long.
    case locked(String, location: String, until: Date?)

    case noSuchBucket(location: String)
    case accessDenied(location: String, operation: String)
    case wrongSecret(location: String)
    case unknownAccessKey(location: String)
    case expiredCredential(location: String)
    case clockSkew(location: String)
    case wrongRegion(location: String, right: String?)
    case refused(location: String, operation: String, status: Int, code: String)

    /// No connection came about.
    case unreachable(location: String, reason: String)
    /// A connection broke; what was asked may have been done.
    case connectionLost(location: String, operation: String, reason: String)
    case tls(location: String, reason: String)
    case stalled(location: String, operation: String)
    case serverError(location: String, operation: String, status: Int, code: String)
    case invalidResponse(location: String, operation: String, reason: String)
    case cutShort(String, location: String, received: UInt64, expected: UInt64)
    case changedWhileRead(String, location: String)
    /// An upload that could not be taken away: the store keeps, and bills, its parts, or the object.
    /// `uploadID` is nil when it was in one request.
    case uploadLeft(String, location: String, uploadID: String?, after: any Error)

    /// What a control plane gave for a transfer makes no sense, or is not safe.
    case invalidGrant(reason: String)
    case urlExpired(location: String, operation: String)
    case urlRefused(location: String, operation: String, code: String)
    /// A store that is reached by URLs can do only what they are for.
    case unsupported(String, location: String)
    case overLimit(String, location: String, limit: UInt64)
    case spoolFull(directory: String, written: UInt64)

    case diskFull(location: String)
    case fileSystem(location: String, path: String, errno: Int32)

    package var code: String {
        switch self {
        case .invalidLocation: "storage.invalid_location"
        case .invalidSetting: "storage.invalid_setting"
        case .noCredentials: "storage.no_credentials"
        case .notFound: "storage.not_found"
        case .objectExists: "storage.object_exists"
        case .archived: "storage.archived"
        case .tooLarge: "storage.too_large"
        case .locked: "storage.locked"
        case .noSuchBucket: "storage.no_such_bucket"
        case .accessDenied: "storage.access_denied"
        case .wrongSecret: "storage.wrong_secret"
        case .unknownAccessKey: "storage.unknown_access_key"
        case .expiredCredential: "storage.expired_credential"
        case .clockSkew: "storage.clock_skew"
        case .wrongRegion: "storage.wrong_region"
        case .refused: "storage.refused"
        case .unreachable: "storage.unreachable"
        case .connectionLost: "storage.connection_lost"
        case .tls: "storage.tls"
        case .stalled: "storage.stalled"
        case .serverError: "storage.server_error"
        case .invalidResponse: "storage.invalid_response"
        case .cutShort: "storage.cut_short"
        case .changedWhileRead: "storage.changed_while_read"
        case .uploadLeft: "storage.upload_left"
        case .invalidGrant: "storage.invalid_grant"
        case .urlExpired: "storage.url_expired"
        case .urlRefused: "storage.url_refused"
        case .unsupported: "storage.unsupported"
        case .overLimit: "storage.over_limit"
        case .spoolFull: "storage.spool_full"
        case .diskFull: "storage.disk_full"
        case .fileSystem: "storage.file_system"
        }
    }

    package var message: String {
        switch self {
        case .invalidLocation(let text, let reason): "'\(Self.withoutSecret(text))' is no place for backups: \(reason)"
        case .invalidSetting(let name, let reason): "the setting \(name) can't be used: \(reason)"
        case .noCredentials(let profile): "no S3 credentials were found in the environment, nor in profile '\(profile)'"
        case .notFound(let key, let location): "there is no object '\(key)' in \(location)"
        case .objectExists(let key, let location): "\(location) has an object '\(key)' already"
        case .archived(let key, let location): "'\(key)' in \(location) is archived, and can't be read as it is"
        case .tooLarge(let key, let location):
            "'\(key)' has more bytes than fit into the \(PartPlan.largestCount) parts of an object in \(location)"
        case .locked(let key, let location, let until):
            "'\(key)' in \(location) is locked" + (until.map { " until \(UTCTime($0).rfc3339)" } ?? "")
        case .noSuchBucket(let location): "the bucket of \(location) does not exist"
        case .accessDenied(let location, let operation): "\(location) denies \(operation)"
        case .wrongSecret(let location): "\(location) does not accept the signature: the secret key is wrong"
        case .unknownAccessKey(let location): "\(location) does not know the access key"
        case .expiredCredential(let location): "the credential for \(location) has expired"
        case .clockSkew(let location): "\(location) refuses requests because this machine's clock differs from its own"
        case .wrongRegion(let location, let right):
            right.map { "\(location) is in region \($0)" }
                ?? "\(location) is in another region, or behind another endpoint"
        case .refused(let location, let operation, let status, let code):
            "\(location) refused \(operation): \(code) (HTTP \(status))"
        case .unreachable(let location, let reason): "\(location) can't be reached: \(reason)"
        case .connectionLost(let location, let operation, let reason):
            "the connection to \(location) broke during \(operation): \(reason)"
        case .tls(let location, let reason): "no secure connection to \(location): \(reason)"
        case .stalled(let location, let operation): "\(location) stopped answering during \(operation)"
        case .serverError(let location, let operation, let status, let code):
            "\(location) failed at \(operation), again and again: \(code) (HTTP \(status))"
        case .invalidResponse(let location, let operation, let reason):
            "\(location) gave an answer to \(operation) that can't be understood: \(reason)"
        case .cutShort(let key, let location, let received, let expected):
            "'\(key)' in \(location) ended after \(received) bytes of \(expected)"
        case .changedWhileRead(let key, let location): "'\(key)' in \(location) was replaced while it was read"
        case .uploadLeft(let key, let location, let uploadID, let failure):
            "\((failure as? any BackupError)?.message ?? "the upload was stopped"); and "
                + (uploadID.map { "upload \($0) of '\(key)' in \(location) could not be aborted" }
                    ?? "whether '\(key)' is in \(location) all the same could not be found out")
        case .invalidGrant(let reason): "what the control plane gave for the transfer can't be used: \(reason)"
        case .urlExpired(let location, let operation): "the URL for \(location) expired before \(operation) was done"
        case .urlRefused(let location, let operation, let code):
            "\(location) does not accept the URL for \(operation): \(code)"
        case .unsupported(let operation, let location): "\(location) is reached by URLs, and none allows \(operation)"
        case .overLimit(let key, let location, let limit):
            "'\(key)' has more than the \(limit >> 20) MiB that can be stored in \(location) this way"
        case .spoolFull(let directory, let written):
            "the encrypted backup doesn't fit into \(directory): after \(written >> 20) MiB the disk is nearly full"
        case .diskFull(let location): "there is no space left in \(location)"
        case .fileSystem(let location, let path, let errno): "\(path) in \(location): \(SystemMessage.of(errno))"
        }
    }

    package var hint: String {
        switch self {
        case .invalidLocation: "give s3://BUCKET/PREFIX or file:///DIRECTORY"
        case .invalidSetting: "correct it, or leave it out"
        case .noCredentials:
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into a profile of ~/.aws/credentials and choose it with AWS_PROFILE"
        case .notFound: "'backupy list' shows what is there"
        case .objectExists: "nothing is ever written over; try again, which makes a new name"
        case .archived:
            "bring it back first: aws s3api restore-object; manifests belong into no archive class of a lifecycle rule"
        case .tooLarge: "back up parts of it, or into a directory"
        case .locked:
            "wait until the lock ends; nobody can delete it before, unless the bucket's owner takes the lock away"
        case .noSuchBucket: "create it first, and check its name, the endpoint and the region"
        case .accessDenied:
            "the key needs s3:PutObject, s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload, and for the bucket "
                + "s3:ListBucket and s3:ListBucketMultipartUploads; with versions also s3:ListBucketVersions, s3:GetObjectVersion, "
                + "s3:DeleteObjectVersion, s3:GetObjectRetention and s3:GetObjectLegalHold"
        case .wrongSecret:
            "check AWS_SECRET_ACCESS_KEY or the profile; a '+' or '/' may have been lost when it was copied"
        case .unknownAccessKey:
            "check AWS_ACCESS_KEY_ID or the profile, and that the endpoint is the one the key is for"
        case .expiredCredential: "get a new one, and set AWS_SESSION_TOKEN with it"
        case .clockSkew: "set the clock: signatures are good for 15 minutes"
        case .wrongRegion(_, let right): right.map { "give --region \($0)" } ?? "check --region and --endpoint"
        case .refused: "check the bucket's settings and policy"
        case .unreachable: "check --endpoint, the network and the name service; the request was tried several times"
        case .connectionLost: "check the network, and what is between here and the store; it was tried several times"
        case .tls: "for a private certificate authority give --ca-file"
        case .stalled, .serverError: "try again later; the store's own status page or log says more"
        case .invalidResponse: "check that --endpoint is an S3 server, and not a proxy's or a web console's address"
        case .cutShort: "try again; if it stays so, the store has lost data"
        case .changedWhileRead: "try again"
        case .uploadLeft(_, _, nil, _): "delete it, where it is there: without a manifest it is no backup"
        case .uploadLeft:
            "abort it by hand: aws s3api abort-multipart-upload, or let a lifecycle rule of the bucket do it"
        case .invalidGrant:
            "check the control plane's storage profile, and that agent and server are of versions that fit"
        case .urlExpired: "run it again, which gets new URLs; if it stays so, let them be good for longer"
        case .urlRefused:
            "check the control plane's storage profile: its key may have been changed, or lack a right; and its clock"
        case .unsupported: "this is a defect of Backupy; please report it"
        case .overLimit: "use a control plane that takes uploads in parts, or back up parts of it"
        case .spoolFull:
            "give the agent's state directory more room, or use a control plane that takes uploads in parts"
        case .diskFull: "free some space, or choose another place"
        case .fileSystem(_, _, let errno):
            errno == 13 || errno == 1 ? "check the permissions of the directory" : "check the directory and its disk"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .unreachable, .connectionLost, .stalled, .serverError, .cutShort, .changedWhileRead, .uploadLeft: .retry
        case .unsupported: .bug
        default: .userAction
        }
    }

    /// People write `s3://KEY:SECRET@bucket`, which is not how it goes, and must not be repeated in a log.
    private static func withoutSecret(_ text: String) -> String {
        guard let start = text.firstRange(of: "://")?.upperBound, let end = text.lastIndex(of: "@"), start < end else {
            return text
        }
        return "\(text[..<start])***\(text[end...])"
    }

    /// Whether the request that failed so may have done its work all the same.
    var leavesOutcomeOpen: Bool {
        switch self {
        case .connectionLost, .stalled, .serverError, .invalidResponse: true
        default: false
        }
    }

    package var cause: (any Error)? {
        if case .uploadLeft(_, _, _, let failure) = self { failure } else { nil }
    }
}
