internal import AsyncHTTPClient
internal import BackupCore
internal import FoundationEssentials
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Says what went wrong with a call.
struct ServerFailure {
    let server: String

    private struct Answer: Decodable {
        struct Body: Decodable {
            let code: String
            let message: String
            let details: JSONValue?
        }

        let error: Body
    }

    /// An answer that is none of success.
    func refusal(status: Int, body: [UInt8]) -> RemoteError {
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)).error
        let reason = answer.map { Self.text(of: $0) } ?? "without a word that this version knows"
        switch (answer?.code, status) {
        case ("AUTH_FAILED", _), (nil, 401): return .unauthorized(server)
        case ("PERMISSION_DENIED", _), (nil, 403): return .denied(reason: reason)
        case ("RESOURCE_NOT_FOUND", _): return .notFound(reason: reason)
        case ("VALIDATION_ERROR", _): return .invalid(reason: reason)
        case ("CONFLICT", _): return .conflict(reason: reason)
        case ("PRECONDITION_FAILED", _): return .precondition(reason: reason)
        case ("RATE_LIMITED", _): return .rateLimited(server)
        // Whoever answers 404 without our document is another program.
        case (nil, 300..<500): return .unexpectedAnswer(server)
        default: return .failed(server, status: status, reason: reason)
        }
    }

    /// `a field is wrong (cron: it has six fields)`
    private static func text(of body: Answer.Body) -> String {
        let problems = (body.details?.array ?? []).prefix(10).map { problem in
            ["field", "reason"].compactMap { problem[$0]?.text }.joined(separator: ": ")
        }
        return problems.isEmpty ? body.message : "\(body.message) (\(problems.joined(separator: "; ")))"
    }

    /// An error before there was an answer.
    func explain(_ error: any Error) -> any Error {
        switch error {
        case is RemoteError, is CancellationError: error
        case is NIOTooManyBytesError: RemoteError.answerTooLarge(server, limit: ServerClient.largestAnswer)
        case let error as HTTPClientError where error == .connectTimeout:
            RemoteError.unreachable(server, reason: "no answer within 10 s")
        case let error as HTTPClientError where [.readTimeout, .writeTimeout, .deadlineExceeded].contains(error):
            RemoteError.timedOut(server)
        case let error as IOError where [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH].contains(error.errnoCode):
            RemoteError.unreachable(server, reason: SystemMessage.of(error.errnoCode))
        case let error as NIOConnectionError: RemoteError.unreachable(server, reason: Self.words(error))
        case NIOSSLError.unableToValidateCertificate: RemoteError.wrongName(server)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: RemoteError.wrongName(server)
        case NIOSSLError.handshakeFailed(.sslError(let stack)): ofHandshake(stack.first?.description ?? "")
        // Its description shows the request's headers.
        case let error as HTTPClientError: RemoteError.connectionLost(server, reason: error.shortDescription)
        case let error as IOError: RemoteError.connectionLost(server, reason: SystemMessage.of(error.errnoCode))
        default: RemoteError.connectionLost(server, reason: "\(error)")
        }
    }

    /// `error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at FILE:LINE`
    private func ofHandshake(_ text: String) -> RemoteError {
        let words = text.split(separator: " at ").first?.split(separator: ":").last ?? ""
        switch words {
        case "CERTIFICATE_VERIFY_FAILED": return .untrustedCertificate(server)
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST": return .tls(server, reason: "what listens there speaks no TLS")
        case "": return .tls(server, reason: "it hung up during the handshake")
        default: return .tls(server, reason: words.lowercased().replacing("_", with: " "))
        }
    }

    private static func words(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first?.error as? IOError { return SystemMessage.of(first.errnoCode) }
        return error.connectionErrors.isEmpty ? "the name \(error.host) is not known" : "no answer"
    }
}
