/// A feature that is used only when both sides have named it.
package struct Capability: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let ack = Self(rawValue: "ack")
    package static let multipart = Self(rawValue: "multipart")
    package static let validate = Self(rawValue: "validate")
    package static let formatV2 = Self(rawValue: "format_v2")
    package static let recipients = Self(rawValue: "recipients")
    package static let cancelRun = Self(rawValue: "cancel_run")
    package static let restore = Self(rawValue: "restore")
    package static let testConnection = Self(rawValue: "test_connection")
    package static let updateStatus = Self(rawValue: "update_status")
}
