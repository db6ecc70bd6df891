internal import BackupAPI
internal import BackupControl
internal import Crypto
internal import FoundationEssentials
internal import HTTPTypes

/// Requests that may be sent twice and are done once, by the `Idempotency-Key` of the caller.
///
/// A key belongs to its caller and its route, and stands for one body: the same key with another body is CONFLICT, and one of somebody
/// else's is another key.
struct IdempotencyKeys: Sendable {
    static let header = "Idempotency-Key"
    /// How long an answer is kept.
    static let keptFor = 24.0 * 3600
    /// A request without an answer after so long was left by a server that died, and came to nothing: the answer is written with what it
    /// does.
    static let staleAfter = 120.0

    let store: any IdempotencyStore

    func run(_ endpoint: Endpoint, _ call: APICall) async throws -> Answer {
        guard endpoint.isIdempotent, let name = HTTPField.Name(Self.header), let key = call.headers[name] else {
            return try await endpoint.handler(call)
        }
        guard (1...200).contains(key.utf8.count), TextForm.line.matches(key) else {
            throw APIError.invalid(Self.header, "it has not 1 to 200 visible characters")
        }
        let place = call.path.sorted { $0.key < $1.key }.map(\.value).joined(separator: "/")
        let scope = "\(try call.caller.user.id) \(endpoint.operation) \(place)"
        let claim = IdempotencyClaim(scope: scope, key: key, begunAt: call.now)
        switch try await store.reserveIdempotency(
            scope: scope, key: key, requestHash: Array(SHA256.hash(data: call.body)), at: claim.begunAt,
            staleBefore: call.now.addingTimeInterval(-Self.staleAfter))
        {
        case .first: return try await first(endpoint, call, claim)
        case .answered(let status, let response):
            return .text(response, mediaType: "application/json", status: HTTPResponse.Status(code: status))
        case .underway: throw APIError.conflict("the same request is being answered right now")
        case .otherRequest: throw APIError.conflict("this \(Self.header) was used with another body")
        }
    }

    private func first(_ endpoint: Endpoint, _ call: APICall, _ claim: IdempotencyClaim) async throws -> Answer {
        var call = call
        call.claim = claim
        do {
            return try await endpoint.handler(call)
        } catch {
            try await store.releaseIdempotency(claim)
            throw error
        }
    }
}
