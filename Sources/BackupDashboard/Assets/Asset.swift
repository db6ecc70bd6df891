/// A static file of the dashboard. Its path has the hash of all files, so it may be kept for ever.
package struct Asset: Sendable {
    package let name: String
    /// The content type.
    package let type: String
    package let text: String

    package var bytes: [UInt8] { Array(text.utf8) }
    package static var etag: String { "\"\(version)\"" }
    private static let cacheControl = "public, max-age=31536000, immutable"

    package static func path(_ name: String) -> String { "/assets/\(version)/\(name)" }

    /// How long an answer to a request for `/assets/{version}/{name}` may be kept. While replicas are exchanged, a page of the one asks
    /// the other for its files: they get those that are there, and keep them not.
    package static func cacheControl(version: String) -> String {
        version == Self.version ? cacheControl : "no-store"
    }
}
