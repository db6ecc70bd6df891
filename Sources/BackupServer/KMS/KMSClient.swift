internal import AsyncHTTPClient
internal import BackupCore
internal import BackupFormat
internal import BackupStorage
internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// The part of AWS KMS's API that keeps one key wrapped: JSON over HTTPS, signed.
///
/// Source: AWS Key Management Service API Reference, "GenerateDataKeyWithoutPlaintext", "Decrypt", "Common errors".
struct KMSClient: Sendable {
    /// What a wrapped key is bound to. It is no secret: it stands in the KMS's log, and policies can ask for it.
    static let context = ["application": "backupy", "purpose": "master-key"]
    /// An answer has 6 KiB at most.
    private static let largestAnswer = 64 << 10
    private static let limit = TimeAmount.seconds(15)
    private static let connectLimit = TimeAmount.seconds(5)

    let settings: KMSSettings
    let logger: Logger

    /// A new key of 32 bytes, wrapped. Its clear form only ever comes by ``decrypt(_:)``, so what can't be unwrapped is not used.
    func generate() async throws -> [UInt8] {
        let answer: Generated = try await call(
            "GenerateDataKeyWithoutPlaintext",
            Generation(keyID: settings.keyID, keySpec: "AES_256", context: Self.context))
        return Array(answer.wrapped)
    }

    /// The key is named, so that the KMS takes nothing that another one has wrapped, which somebody who can write to the database might
    /// have put there.
    /// - Throws: ``KMSError/foreignKey(keyID:)`` for what that key has not wrapped in this context.
    func decrypt(_ wrapped: [UInt8]) async throws -> DataKey {
        let answer: Decrypted = try await call(
            "Decrypt", Decryption(keyID: settings.keyID, wrapped: Data(wrapped), context: Self.context))
        guard let key = DataKey(answer.clear) else { throw KMSError.foreignKey(keyID: settings.keyID) }
        return key
    }

    // MARK: Requests

    /// Sends a question until it is answered, refused, or has failed often enough: within two minutes.
    private func call<Answer: Decodable>(_ operation: String, _ question: some Encodable) async throws -> Answer {
        let body = Array(try JSONEncoder().encode(question))
        var attempt = 1
        while true {
            do {
                let answer = try await send(operation, body)
                guard let document = try? JSONDecoder().decode(Answer.self, from: Data(answer)) else {
                    throw KMSError.invalidAnswer(operation: operation)
                }
                return document
            } catch let error as KMSError where error.recovery == .retry && attempt < settings.retries.attempts {
                logger.warning("the KMS is asked again", error: error, metadata: ["attempt": "\(attempt)"])
                try await Task.sleep(for: settings.retries.delay(after: attempt))
                attempt += 1
            }
        }
    }

    private func send(_ operation: String, _ body: [UInt8]) async throws -> [UInt8] {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: Self.connectLimit))
        configuration.httpVersion = .http1Only
        // Trying again is decided here, with a bound.
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let caFile = settings.caFile { tls.trustRoots = .file(caFile) }
        configuration.tlsConfiguration = tls
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result = await answer(client, operation, body)
        try await client.shutdown()
        let (status, answer) = try result.get()
        guard status == 200 else { throw refusal(of: operation, status, answer) }
        return answer
    }

    private func answer(
        _ client: HTTPClient, _ operation: String, _ body: [UInt8]
    ) async -> Result<(Int, [UInt8]), any Error> {
        let host = settings.endpoint.authority()
        do {
            let response = try await client.execute(request(operation, body), timeout: Self.limit)
            let answer = try await response.body.collect(upTo: Self.largestAnswer)
            return .success((Int(response.status.code), Array(answer.readableBytesView)))
        } catch is CancellationError {
            return .failure(CancellationError())
        } catch is NIOTooManyBytesError {
            return .failure(KMSError.invalidAnswer(operation: operation))
        } catch let error where error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError {
            return .failure(KMSError.tls(host: host))
        } catch let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded {
            return .failure(KMSError.unreachable(host: host, reason: "no answer in time"))
        } catch {
            return .failure(KMSError.unreachable(host: host, reason: "the connection failed"))
        }
    }

    private func request(_ operation: String, _ body: [UInt8]) -> HTTPClientRequest {
        let path = settings.endpoint.path + "/"
        var headers = [
            "host": settings.endpoint.authority(), "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "TrentService.\(operation)",
        ]
        let signed = SigV4Signer.Request(
            method: "POST", path: path, headers: headers, payloadHash: SigV4Signer.hash(of: body))
        headers.merge(settings.signer.headers(for: signed, at: Date())) { $1 }
        let scheme = settings.endpoint.isSecure ? "https" : "http"
        var request = HTTPClientRequest(url: "\(scheme)://\(settings.endpoint.authority())\(path)")
        request.method = .POST
        request.headers = HTTPHeaders(headers.sorted { $0.key < $1.key })
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    private func refusal(of operation: String, _ status: Int, _ answer: [UInt8]) -> KMSError {
        // `NotFoundException`, or with the service's name before it: `com.amazonaws.kms#NotFoundException`.
        let type = (try? JSONDecoder().decode(Refusal.self, from: Data(answer)))?.type.split(separator: "#").last
        let code = type.map { String($0.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(64)) } ?? ""
        let name = code.isEmpty ? "HTTP \(status)" : code
        switch code {
        case "AccessDeniedException": return .denied(operation: operation, keyID: settings.keyID)
        case "NotFoundException": return .noSuchKey(keyID: settings.keyID)
        case "DisabledException", "KMSInvalidStateException", "InvalidKeyUsageException":
            return .keyUnusable(keyID: settings.keyID, code: name)
        case "InvalidCiphertextException", "IncorrectKeyException": return .foreignKey(keyID: settings.keyID)
        case "UnrecognizedClientException", "InvalidClientTokenId", "MissingAuthenticationToken",
            "MissingAuthenticationTokenException", "InvalidSignatureException", "SignatureDoesNotMatch",
            "IncompleteSignature", "IncompleteSignatureException", "ExpiredTokenException", "RequestExpired":
            return .badCredentials(code: name)
        case "ThrottlingException", "KMSInternalException", "KeyUnavailableException", "DependencyTimeoutException":
            return .failed(host: settings.endpoint.authority(), code: name)
        default: break
        }
        switch status {
        case 401, 403: return .denied(operation: operation, keyID: settings.keyID)
        case 408, 429, 500...: return .failed(host: settings.endpoint.authority(), code: name)
        default: return .refused(operation: operation, status: status, code: name)
        }
    }

    // MARK: Documents

    private struct Generation: Encodable {
        let keyID: String
        let keySpec: String
        let context: [String: String]

        enum CodingKeys: String, CodingKey {
            case keyID = "KeyId"
            case keySpec = "KeySpec"
            case context = "EncryptionContext"
        }
    }

    private struct Generated: Decodable {
        let wrapped: Data

        enum CodingKeys: String, CodingKey { case wrapped = "CiphertextBlob" }
    }

    private struct Decryption: Encodable {
        let keyID: String
        let wrapped: Data
        let context: [String: String]

        enum CodingKeys: String, CodingKey {
            case keyID = "KeyId"
            case wrapped = "CiphertextBlob"
            case context = "EncryptionContext"
        }
    }

    private struct Decrypted: Decodable {
        let clear: Data

        enum CodingKeys: String, CodingKey { case clear = "Plaintext" }
    }

    private struct Refusal: Decodable {
        let type: String

        enum CodingKeys: String, CodingKey { case type = "__type" }
    }
}
