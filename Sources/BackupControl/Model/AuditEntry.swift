package import FoundationEssentials

/// That somebody changed something. Holds names of fields, never their values.
package struct AuditEntry: Sendable, Equatable {
    package typealias ID = Identifier<AuditEntry>

    package struct Actor: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            case user
            case token
            /// The server by itself.
            case system
            /// Nobody that is known: a login that failed.
            case anonymous
        }

        package let kind: Kind
        package let id: String
        package let name: String

        package init(kind: Kind, id: String, name: String) {
            self.kind = kind
            self.id = id
            self.name = name
        }

        package init(_ caller: Caller) {
            switch caller.proof {
            case .session: self.init(kind: .user, id: caller.user.id.string, name: caller.user.email)
            case .token(let token):
                self.init(kind: .token, id: token.id.string, name: "\(caller.user.email) (\(token.name))")
            }
        }
    }

    package let id: ID
    package let at: Date
    package let actor: Actor
    package let address: String
    /// The operation: `createAgent`.
    package let action: String
    package let objectKind: String
    package let objectID: String
    package let details: String

    package init(
        id: ID, at: Date, actor: Actor, address: String, action: String, objectKind: String, objectID: String,
        details: String
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.address = address
        self.action = action
        self.objectKind = objectKind
        self.objectID = objectID
        self.details = details
    }
}
