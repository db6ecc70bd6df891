package import FoundationEssentials

/// What every page needs besides its own model: who looks, in which language and colours, and when.
package struct PageContext: Sendable {
    package enum Theme: String, Sendable, CaseIterable {
        /// As the reader's system has it.
        case system
        case light
        case dark
    }

    package enum Role: String, Sendable, CaseIterable {
        case owner
        case admin
        case `operator`
        case viewer
    }

    package struct Viewer: Sendable {
        package var name: String
        package var email: String
        package var role: Role

        package init(name: String, email: String, role: Role) {
            self.name = name
            self.email = email
            self.role = role
        }
    }

    package var language: Language
    package var theme: Theme
    package var now: Date
    /// nil on pages without a session.
    package var viewer: Viewer?
    /// Sent back in `X-CSRF-Token` by everything that changes something.
    package var csrfToken: String
    /// The page's own, with its parameters.
    package var path: String
    /// How a browser reaches the server, `https://backups.example.com`.
    package var serverURL: String
    /// Likewise an agent: it is told this. The same, if it is not set.
    package var agentURL: String
    package var version: String

    package init(
        language: Language, theme: Theme = .system, now: Date, viewer: Viewer? = nil, csrfToken: String = "",
        path: String, serverURL: String, version: String
    ) {
        self.language = language
        self.theme = theme
        self.now = now
        self.viewer = viewer
        self.csrfToken = csrfToken
        self.path = path
        self.serverURL = serverURL
        agentURL = serverURL
        self.version = version
    }

    var phrases: any Phrases { language.phrases }
    var quantities: Quantities { Quantities(language: language) }
    /// Runs, restores, protects.
    package var mayOperate: Bool { viewer.map { $0.role != .viewer } ?? false }
    /// Agents, storage, people.
    package var mayAdminister: Bool { viewer.map { $0.role == .owner || $0.role == .admin } ?? false }
}
