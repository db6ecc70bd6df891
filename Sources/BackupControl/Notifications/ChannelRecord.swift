internal import BackupCore
package import FoundationEssentials

/// Where notices go.
package struct ChannelRecord: Sendable, Equatable {
    package typealias ID = Identifier<ChannelRecord>

    package enum Place: Sendable, Equatable {
        /// The secret is the password; without a user name there is none.
        case email(Email)
        /// The secret is the bot's token.
        case telegram(chat: String)
        /// The secret is the URL.
        case slack
        /// The same.
        case discord
        /// The secret signs what is sent; see ``WebhookSignature``.
        case webhook(url: String)

        package var kind: String {
            switch self {
            case .email: "email"
            case .telegram: "telegram"
            case .slack: "slack"
            case .discord: "discord"
            case .webhook: "webhook"
            }
        }
    }

    package struct Email: Sendable, Equatable, Codable {
        package enum Security: String, Sendable, Codable, CaseIterable {
            /// TLS after a greeting in clear; without it nothing is sent.
            case startTLS = "starttls"
            /// TLS from the first byte.
            case tls
            /// Neither secret nor proven. Only where somebody says so.
            case none
        }

        package var host: String
        package var port: Int
        package var security: Security
        package var username: String
        package var from: String
        package var to: [String]
        /// PEM; nil for the system's.
        package var caCertificate: String?

        package init(
            host: String, port: Int = 587, security: Security = .startTLS, username: String = "", from: String,
            to: [String], caCertificate: String? = nil
        ) {
            self.host = host
            self.port = port
            self.security = security
            self.username = username
            self.from = from
            self.to = to
            self.caCertificate = caCertificate
        }
    }

    package let id: ID
    package var name: String
    package var place: Place
    /// Under the master key (``SealedText``), for ``secretPlace(_:)``.
    package var sealedSecret: [UInt8]?
    package var isEnabled: Bool
    /// What is not told here. A new kind is told everywhere until somebody says no.
    package var muted: Set<Notice.Kind>
    package let createdAt: Date
    package var lastSentAt: Date?
    /// Of the last attempt; empty when it went well.
    package var lastError: String

    package init(
        id: ID, name: String, place: Place, sealedSecret: [UInt8]? = nil, isEnabled: Bool = true,
        muted: Set<Notice.Kind> = [], createdAt: Date, lastSentAt: Date? = nil, lastError: String = ""
    ) {
        self.id = id
        self.name = name
        self.place = place
        self.sealedSecret = sealedSecret
        self.isEnabled = isEnabled
        self.muted = muted
        self.createdAt = createdAt
        self.lastSentAt = lastSentAt
        self.lastError = lastError
    }

    package static func secretPlace(_ id: ID) -> String { "channels/\(id)/secret" }

    package func wants(_ kind: Notice.Kind) -> Bool { isEnabled && (kind == .test || !muted.contains(kind)) }
}
