package import BackupAPI
package import BackupControl
package import FoundationEssentials
package import HTTPTypes
package import Logging

/// One request on its way through a handler: checked, and of a caller who may make it.
package struct APICall: Sendable {
    /// nil only for what is open to anybody.
    package let possibleCaller: Caller?
    /// The client's, behind proxies that are trusted.
    package let address: String
    package let path: [String: String]
    package let query: [String: String]
    package let headers: HTTPFields
    package let body: [UInt8]
    package let now: Date
    package let traceID: String
    package let logger: Logger
    package let audit: AuditNote
    /// Whether whoever has made it may still do so: for answers that go on and on. Asks the store, and throws what that does.
    package let isStillAllowed: @Sendable () async throws -> Bool
    /// Of a request with an `Idempotency-Key`.
    package var claim: IdempotencyClaim?

    /// - Throws: ``APIError/notAuthenticated``.
    package var caller: Caller {
        get throws {
            guard let possibleCaller else { throw APIError.notAuthenticated }
            return possibleCaller
        }
    }

    /// What is written with what the request does; nil where nobody can ask for the answer again.
    package func kept(_ answer: Answer) -> KeptAnswer? {
        guard let claim, case .bytes(let bytes, _) = answer.content else { return nil }
        return KeptAnswer(
            claim: claim, status: answer.status.code, response: String(decoding: bytes, as: UTF8.self))
    }

    package func pathText(_ name: String) throws -> String {
        guard let text = path[name] else { throw APIError.notFound("such thing") }
        return text
    }

    /// The thing that the path names.
    package func id<Thing>(_: Thing.Type = Thing.self) throws -> Identifier<Thing> {
        Identifier(try pathText("id"))
    }

    /// The body; its form was checked before.
    package func document<Document: APIDocument>(_: Document.Type = Document.self) throws -> Document {
        do {
            return try APICoding.decoder().decode(Document.self, from: Data(body))
        } catch let error as DecodingError {
            throw APIError.invalid(error.place, "it can't be read")
        }
    }

    package var page: PageRequest {
        PageRequest(limit: query["limit"].flatMap { Int($0) } ?? 50, cursor: query["cursor"])
    }

    package func time(_ name: String) -> Date? { query[name].flatMap(TextForm.time) }
    package func flag(_ name: String) -> Bool { query[name] == "true" }
}

extension DecodingError {
    fileprivate var place: String {
        let path: [any CodingKey] =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context.codingPath
            @unknown default: []
            }
        return path.map(\.stringValue).joined(separator: ".")
    }
}
