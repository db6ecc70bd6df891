package import FoundationEssentials

/// The answers to requests that carry an `Idempotency-Key`, for a day.
package protocol IdempotencyStore: Sendable {
    /// Takes the key for a request, unless it is taken.
    /// - Parameters:
    ///   - scope: the caller, the method and the path: a key means nothing elsewhere.
    ///   - requestHash: SHA-256 of the body.
    ///   - staleBefore: one that was begun before and has no answer yet was left by a server that died, and is taken over.
    func reserveIdempotency(
        scope: String, key: String, requestHash: [UInt8], at time: Date, staleBefore: Date
    ) async throws -> IdempotencyOutcome
    func completeIdempotency(scope: String, key: String, status: Int, response: String) async throws
    /// The request came to nothing: the next one with the key is the first.
    func releaseIdempotency(scope: String, key: String) async throws
    func deleteIdempotency(before time: Date) async throws
}

package enum IdempotencyOutcome: Sendable, Equatable {
    case first
    case answered(status: Int, response: String)
    /// The same request is being answered right now.
    case underway
    /// The key was used with another body.
    case otherRequest
}
