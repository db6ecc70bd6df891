internal import BackupControl
internal import BackupDashboard

/// The first start, and signing in. Whoever has a session goes on.
struct EntryReader: Sendable {
    let stores: PageStores

    func setup(_ visit: Visit) async throws -> PageRoute.Answer {
        guard try await !stores.accounts.hasUsers() else {
            return .seeOther(visit.caller == nil ? .login(then: .root) : .root)
        }
        return .page(EntryPages.setup(visit.context))
    }

    func login(_ visit: Visit) async throws -> PageRoute.Answer {
        let then = OwnPath(visit.text("then")) ?? .root
        if visit.caller != nil { return .seeOther(then) }
        guard try await stores.accounts.hasUsers() else { return .seeOther(.setup) }
        return .page(EntryPages.login(visit.context, then: then.text))
    }
}
