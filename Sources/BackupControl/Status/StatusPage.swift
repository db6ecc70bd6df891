package import FoundationEssentials

/// The page that shows to everybody what is up and what is not. It shows nothing before somebody turns it on.
package struct StatusPage: Sendable, Equatable, Codable {
    package var isEnabled: Bool
    /// Its place in the URL: `/status/SLUG`.
    package var slug: String
    package var title: String
    package var checks: [HealthCheckRecord.ID]
    /// Of which it is shown whether their backups come in time.
    package var targets: [TargetRecord.ID]

    package init(
        isEnabled: Bool = false, slug: String = "status", title: String = "Status",
        checks: [HealthCheckRecord.ID] = [],
        targets: [TargetRecord.ID] = []
    ) {
        self.isEnabled = isEnabled
        self.slug = slug
        self.title = title
        self.checks = checks
        self.targets = targets
    }

    /// - Throws: ``ControlError/invalid(field:reason:)``.
    package func check() throws(ControlError) {
        guard slug.count <= 60, slug.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil else {
            throw .invalid(field: "slug", reason: "it has other characters than lower-case letters, digits and dashes")
        }
        guard (1...100).contains(title.count) else { throw .invalid(field: "title", reason: "1 to 100 characters") }
        guard checks.count <= 100, targets.count <= 100 else {
            throw .invalid(field: "checks", reason: "at most 100 checks and 100 targets are shown")
        }
    }
}

/// What people are told of a trouble, on the public page.
package struct IncidentRecord: Sendable, Equatable {
    package typealias ID = Identifier<IncidentRecord>

    package enum Status: String, Sendable, Codable, CaseIterable {
        case investigating
        case identified
        case monitoring
        case resolved
    }

    package enum Impact: String, Sendable, Codable, CaseIterable {
        case none
        case minor
        case major
        case critical
    }

    package struct Update: Sendable, Equatable, Codable {
        package let at: Date
        package let status: Status
        package let text: String

        package init(at: Date, status: Status, text: String) {
            self.at = at
            self.status = status
            self.text = text
        }
    }

    /// Of one incident.
    package static let mostUpdates = 200

    package let id: ID
    package var title: String
    package var body: String
    package private(set) var status: Status
    package var impact: Impact
    /// Oldest first.
    package private(set) var updates: [Update]
    package let startedAt: Date
    package private(set) var resolvedAt: Date?

    package init(
        id: ID, title: String, body: String, status: Status = .investigating, impact: Impact = .minor,
        updates: [Update] = [], startedAt: Date, resolvedAt: Date? = nil
    ) {
        self.id = id
        self.title = title
        self.body = body
        self.status = status
        self.impact = impact
        self.updates = updates
        self.startedAt = startedAt
        self.resolvedAt = resolvedAt
    }

    /// - Throws: ``ControlError/conflict(_:)`` when it has as many as there may be.
    package mutating func add(_ update: Update) throws(ControlError) {
        guard updates.count < Self.mostUpdates else {
            throw .conflict("the incident has \(updates.count) updates already")
        }
        updates.append(update)
        status = update.status
        resolvedAt = update.status == .resolved ? resolvedAt ?? update.at : nil
    }
}
