internal import BackupControl
internal import BackupDashboard
internal import FoundationEssentials

/// Who is told, what was done by whom, people and tokens.
struct AdministrationReader: Sendable {
    let stores: PageStores
    /// Names the master key.
    let masterKeyID: String

    func notifications(_ visit: Visit) async throws -> PageRoute.Answer {
        let channels = try await stores.notices.channels(PageRequest(limit: 100)).items.map { channel in
            ChannelRow(
                id: channel.id.string, name: channel.name, kind: channel.place.kind, place: channel.place.words,
                isEnabled: channel.isEnabled, lastSentAt: channel.lastSentAt, lastError: channel.lastError)
        }
        let muted = try await stores.notices.mutedKinds()
        let kinds = Notice.Kind.allCases.filter { $0 != .test }
        let model = NotificationsModel(
            channels: channels, preferences: kinds.map { (kind: $0.rawValue, isOn: !muted.contains($0)) })
        return .page(NotificationsPage.html(model, query: visit.list("/notifications"), visit.context))
    }

    func audit(_ visit: Visit) async throws -> PageRoute.Answer {
        var filter = AuditFilter()
        filter.from = visit.day("from")
        filter.to = visit.endOfDay("to")
        let page = try await stores.audit.audit(filter, visit.piece)
        let rows = page.items.map { entry in
            AuditRow(
                id: entry.id.string, at: entry.at,
                actor: entry.actor.name.isEmpty ? entry.actor.kind.rawValue : entry.actor.name,
                address: entry.address, action: entry.action,
                object: [entry.objectKind, entry.objectID].filter { !$0.isEmpty }.joined(separator: " "))
        }
        return .page(
            AuditPage.html(
                rows, query: visit.list("/audit", filters: ["from", "to"]), next: page.nextCursor, visit.context))
    }

    func settings(_ visit: Visit) async throws -> PageRoute.Answer {
        guard let caller = visit.caller else { throw APIError.notAuthenticated }
        let people =
            visit.context.mayAdminister ? try await stores.accounts.users(PageRequest(limit: 100)).items : []
        let tokens = try await stores.accounts.tokens(of: caller.user.id, PageRequest(limit: 100)).items
        let model = SettingsModel(
            people: people.map { user in
                SettingsModel.Person(
                    id: user.id.string, name: user.name, email: user.email, role: PageContext.Role(user.role),
                    hasSecondFactor: user.isTOTPEnabled, isDisabled: user.disabledAt != nil)
            },
            tokens: tokens.map { token in
                SettingsModel.Token(
                    id: token.id.string, name: token.name, role: PageContext.Role(token.role),
                    createdAt: token.createdAt, lastUsedAt: token.lastUsedAt)
            }, hasSecondFactor: caller.user.isTOTPEnabled, masterKeyID: masterKeyID)
        return .page(SettingsPage.html(model, visit.context))
    }
}

extension ChannelRecord.Place {
    /// Where to, without what is secret.
    fileprivate var words: String {
        switch self {
        case .email(let email): "\(email.to.joined(separator: ", ")) (\(email.host):\(email.port))"
        case .telegram(let chat): chat
        case .slack, .discord: ""
        case .webhook(let url): url
        }
    }
}
