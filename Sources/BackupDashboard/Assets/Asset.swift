/// A static file of the dashboard. Its path has the hash of all files, so it may be kept for ever.
package struct Asset: Sendable {
    package let name: String
    /// The content type.
    package let type: String
    package let text: String

    package var bytes: [UInt8] { Array(text.utf8) }
    package static var etag: String { "\"\(version)\"" }
    package static let cacheControl = "public, max-age=31536000, immutable"

    package static func path(_ name: String) -> String { "/assets/\(version)/\(name)" }

    /// What a request for `/assets/{version}/{name}` is answered with; nil for a version or a name that is not ours.
    package static func find(version: String, name: String) -> Asset? {
        version == Self.version ? all.first { $0.name == name } : nil
    }
}
