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
    /// The request came to nothing: the next one with the key is the first. Nothing happens where it has its answer, or was taken over.
    func releaseIdempotency(_ claim: IdempotencyClaim) async throws
    func deleteIdempotency(before time: Date) async throws
}

/// The right to answer a request with an `Idempotency-Key`: of who has reserved it, until it is taken over.
package struct IdempotencyClaim: Sendable, Equatable {
    package let scope: String
    package let key: String
    package let begunAt: Date

    package init(scope: String, key: String, begunAt: Date) {
        self.scope = scope
        self.key = key
        self.begunAt = begunAt
    }
}

/// What such a request is answered with, written in the same write as what it does: whenever its server dies, either both are there, and
/// the next request with the key gets this answer, or neither is.
package struct KeptAnswer: Sendable, Equatable {
    package let claim: IdempotencyClaim
    package let status: Int
    package let response: String

    package init(claim: IdempotencyClaim, status: Int, response: String) {
        self.claim = claim
        self.status = status
        self.response = response
    }
}

package enum IdempotencyOutcome: Sendable, Equatable {
    case first
    case answered(status: Int, response: String)
    /// The same request is being answered right now.
    case underway
    /// The key was used with another body.
    case otherRequest
}
