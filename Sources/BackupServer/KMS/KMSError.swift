package import BackupCore

/// What goes wrong between the server and the KMS that keeps its master key.
///
/// Decided by the service's error codes and HTTP statuses; what it says in words is not repeated.
package enum KMSError: BackupError, Equatable {
    case invalidSetting(String, reason: String)
    case noCredentials(profile: String)
    case unreachable(host: String, reason: String)
    case tls(host: String)
    case failed(host: String, code: String)
    case denied(operation: String, keyID: String)
    case badCredentials(code: String)
    case noSuchKey(keyID: String)
    /// It is disabled, waits for its deletion, or is for something else.
    case keyUnusable(keyID: String, code: String)
    /// What is kept was wrapped by another key, or elsewhere, or is damaged.
    case foreignKey(keyID: String)
    /// An older master key was never under that KMS key.
    case nothingWrapped(keyID: String)
    /// The database has another one than the file, both of the same KMS key.
    case otherWrapped(keyID: String, path: String)
    case refused(operation: String, status: Int, code: String)
    case invalidAnswer(operation: String)

    package var code: String {
        switch self {
        case .invalidSetting: "kms.invalid_setting"
        case .noCredentials: "kms.no_credentials"
        case .unreachable: "kms.unreachable"
        case .tls: "kms.tls"
        case .failed: "kms.failed"
        case .denied: "kms.denied"
        case .badCredentials: "kms.bad_credentials"
        case .noSuchKey: "kms.no_such_key"
        case .keyUnusable: "kms.key_unusable"
        case .foreignKey: "kms.foreign_key"
        case .nothingWrapped: "kms.nothing_wrapped"
        case .otherWrapped: "kms.other_wrapped"
        case .refused: "kms.refused"
        case .invalidAnswer: "kms.invalid_answer"
        }
    }

    package var message: String {
        switch self {
        case .invalidSetting(let name, let reason): "the setting \(name) can't be used: \(reason)"
        case .noCredentials(let profile):
            "no credentials for the KMS were found in the environment, nor in profile '\(profile)'"
        case .unreachable(let host, let reason): "the KMS at \(host) can't be reached: \(reason)"
        case .tls(let host):
            "no secure connection to the KMS at \(host): its certificate is not trusted, or for another name"
        case .failed(let host, let code): "the KMS at \(host) failed, again and again: \(code)"
        case .denied(let operation, let keyID): "the KMS denies \(operation) with key \(keyID)"
        case .badCredentials(let code): "the KMS does not accept the credentials: \(code)"
        case .noSuchKey(let keyID): "the KMS has no key \(keyID)"
        case .keyUnusable(let keyID, let code): "the KMS does not use key \(keyID): \(code)"
        case .foreignKey(let keyID): "the wrapped master key is not of KMS key \(keyID), or is damaged"
        case .nothingWrapped(let keyID): "no master key was ever wrapped by KMS key \(keyID)"
        case .otherWrapped(let keyID, let path):
            "the database has another master key wrapped by KMS key \(keyID) than \(path)"
        case .refused(let operation, let status, let code): "the KMS refused \(operation): \(code) (HTTP \(status))"
        case .invalidAnswer(let operation): "the KMS gave an answer to \(operation) that can't be understood"
        }
    }

    package var hint: String {
        switch self {
        case .invalidSetting: "correct it, or leave it out"
        case .noCredentials:
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE and AWS_SHARED_CREDENTIALS_FILE"
        case .unreachable: "check BACKUPY_KMS_ENDPOINT, the region and the network; then start the server again"
        case .tls: "for a private certificate authority set AWS_CA_BUNDLE"
        case .failed: "start the server again later; the service's own status page or log says more"
        case .denied:
            "allow kms:GenerateDataKeyWithoutPlaintext and kms:Decrypt, in the key's policy and in that of whose credentials these are"
        case .badCredentials: "get new ones, and check the region and this machine's clock"
        case .noSuchKey: "check BACKUPY_MASTER_KEY_KMS, the region and the account"
        case .keyUnusable: "enable it, or cancel its deletion; it must be symmetric, for encryption and decryption"
        case .foreignKey:
            "name the key that wrapped it; a damaged one is to be restored from master.key.kms, or from a backup of the database"
        case .nothingWrapped: "check BACKUPY_MASTER_KEY_KMS_PREVIOUS: it is written as it was in BACKUPY_MASTER_KEY_KMS"
        case .otherWrapped(let keyID, _):
            "restore the database of this data directory, or delete 'master_key_kms/\(keyID)' from its table settings: the file's takes its place"
        case .refused: "check the key, and what the service's log says"
        case .invalidAnswer: "check that BACKUPY_KMS_ENDPOINT is a KMS, and not a proxy's or a web console's address"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .unreachable, .failed: .retry
        default: .userAction
        }
    }
}
