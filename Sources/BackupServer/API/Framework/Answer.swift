package import BackupAPI
internal import FoundationEssentials
package import HTTPTypes
package import NIOCore

/// What a handler gives back.
package struct Answer: Sendable {
    package enum Content: Sendable {
        case none
        case bytes([UInt8], mediaType: String)
        /// Asked for piece by piece, as the connection takes them; nil at the end.
        case stream(mediaType: String, @Sendable () async throws -> ByteBuffer?)

        var mediaType: String? {
            switch self {
            case .none: nil
            case .bytes(_, let mediaType), .stream(let mediaType, _): mediaType
            }
        }
    }

    package var status: HTTPResponse.Status
    package var headers = HTTPFields()
    package var content: Content

    package init(_ status: HTTPResponse.Status, _ content: Content = .none) {
        self.status = status
        self.content = content
    }

    package static func json(_ document: some APIDocument, _ status: HTTPResponse.Status = .ok) throws -> Self {
        Self(status, .bytes(Array(try APICoding.encoder().encode(document)), mediaType: "application/json"))
    }

    package static func list<Item: APIDocument>(_ items: [Item], next cursor: String?) throws -> Self {
        try json(ListDocument(items: items, nextCursor: cursor))
    }

    package static func text(_ text: String, mediaType: String, status: HTTPResponse.Status = .ok) -> Self {
        Self(status, .bytes(Array(text.utf8), mediaType: mediaType))
    }

    package static let noContent = Self(.noContent)
}
