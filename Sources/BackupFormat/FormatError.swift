package import BackupCore

/// Errors of bytes, keys and documents that can't be what they should be. Every refusal has a case of its own.
package enum FormatError: BackupError, Equatable {
    case truncated
    case trailingBytes
    case frameTooShort(UInt32)
    case frameTooLong(UInt32)
    case frameNotAuthentic(UInt64)
    case notV2
    case headerTooLarge
    case badHeaderLine(Int)
    case duplicateName(String)
    case missingName(String)
    case badValue(String)
    case badStanza(Int)
    case headerNotAuthentic
    case wrongCommitment
    case chunkNotAuthentic(UInt64)
    case noIdentityMatches(Int)
    case noRecipient
    case badRecipient(String)
    case badIdentity(String, line: Int)
    case noIdentity(String)
    case badCompressedData(Compression)
    case truncatedCompressedData(Compression)
    case badLevel(Int, Compression)
    case compressorFailed(Compression)
    case hashMismatch
    case badToken(String)
    case expiredToken
    case badManifest(String)

    package var code: String {
        switch self {
        case .truncated: "format.truncated"
        case .trailingBytes: "format.trailing_bytes"
        case .frameTooShort: "format.frame_too_short"
        case .frameTooLong: "format.frame_too_long"
        case .frameNotAuthentic: "format.frame_not_authentic"
        case .notV2: "format.not_v2"
        case .headerTooLarge: "format.header_too_large"
        case .badHeaderLine: "format.bad_header_line"
        case .duplicateName: "format.duplicate_name"
        case .missingName: "format.missing_name"
        case .badValue: "format.bad_value"
        case .badStanza: "format.bad_stanza"
        case .headerNotAuthentic: "format.header_not_authentic"
        case .wrongCommitment: "format.wrong_commitment"
        case .chunkNotAuthentic: "format.chunk_not_authentic"
        case .noIdentityMatches: "format.no_identity_matches"
        case .noRecipient: "format.no_recipient"
        case .badRecipient: "format.bad_recipient"
        case .badIdentity: "format.bad_identity"
        case .noIdentity: "format.no_identity"
        case .badCompressedData: "format.bad_compressed_data"
        case .truncatedCompressedData: "format.truncated_compressed_data"
        case .badLevel: "format.bad_level"
        case .compressorFailed: "format.compressor_failed"
        case .hashMismatch: "format.hash_mismatch"
        case .badToken: "format.bad_token"
        case .expiredToken: "format.expired_token"
        case .badManifest: "format.bad_manifest"
        }
    }

    package var message: String {
        switch self {
        case .truncated: "the encrypted stream ends too early"
        case .trailingBytes: "there are bytes behind the end of the encrypted stream"
        case .frameTooShort(let length): "a frame of \(length) bytes is too short to be one"
        case .frameTooLong(let length): "a frame of \(length) bytes is too long to be one"
        case .frameNotAuthentic(let index): "frame \(index) was changed, or belongs to another key"
        case .notV2: "the data doesn't begin as a backup in format v2"
        case .headerTooLarge: "the header has more than 64 KiB"
        case .badHeaderLine(let line): "line \(line) of the header can't be read"
        case .duplicateName(let name): "the header says '\(name)' twice"
        case .missingName(let name): "the header doesn't say '\(name)'"
        case .badValue(let name): "the header's value of '\(name)' can't be read"
        case .badStanza(let line): "the recipient in line \(line) of the header can't be read"
        case .headerNotAuthentic: "the header was changed"
        case .wrongCommitment: "the data was encrypted with another key, or for another header"
        case .chunkNotAuthentic(let index): "chunk \(index) was changed, moved or cut"
        case .noIdentityMatches(let recipients):
            "no given identity is among the \(recipients) that can open this backup"
        case .noRecipient: "a backup that nobody can open can't be written"
        case .badRecipient(let text): "'\(text.prefix(80))' is not a public key"
        case .badIdentity(let file, let line): "line \(line) of \(file) is not a private key"
        case .noIdentity(let file): "\(file) holds no private key"
        case .badCompressedData(let compression): "the \(compression.rawValue) data is damaged"
        case .truncatedCompressedData(let compression): "the \(compression.rawValue) data ends too early"
        case .badLevel(let level, let compression): "\(compression.rawValue) has no level \(level)"
        case .compressorFailed(let compression): "the \(compression.rawValue) compressor could not go on"
        case .hashMismatch: "the SHA-256 of the stored bytes is not the expected one"
        case .badToken(let what): "the token can't be used: \(what)"
        case .expiredToken: "the token has expired"
        case .badManifest(let what): "the manifest can't be used: \(what)"
        }
    }

    package var hint: String {
        switch self {
        case .truncated, .truncatedCompressedData:
            "download it again, or resume the download; if it stays so, use another backup"
        case .notV2: "check that this is the stored object of a backup; format v1 takes a token instead of an identity"
        case .noIdentityMatches: "give the identity file that belongs to one of the backup's recipients"
        case .noRecipient: "give a recipient"
        case .badRecipient: "public keys look like age1…; 'backupy keygen' and age-keygen print them"
        case .badIdentity, .noIdentity: "give a file that 'backupy keygen' or age-keygen wrote"
        case .badLevel(_, let compression): "levels go from 1 to \(compression == .gzip ? 9 : 19)"
        case .compressorFailed: "check the free memory of this machine"
        case .badToken: "copy the whole token again, or ask the control plane for a new one"
        case .expiredToken: "ask the control plane for a new one: they are good for 15 minutes"
        case .badManifest: "the object beside it may still be good: backupy-decrypt opens it without a manifest"
        default: "download it again; if it stays so, the stored backup is damaged: use another one"
        }
    }

    package var recovery: Recovery {
        self == .compressorFailed(.zstd) || self == .compressorFailed(.gzip) ? .retry : .userAction
    }
}
