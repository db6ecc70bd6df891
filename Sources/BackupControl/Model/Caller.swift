/// Who makes a request.
package struct Caller: Sendable {
    package enum Proof: Sendable {
        /// - Parameter isCookie: a browser sends it by itself; what changes something then needs the CSRF token too.
        case session(SessionRecord, isCookie: Bool)
        case token(APITokenRecord)
    }

    package let user: UserRecord
    package let proof: Proof

    package init(user: UserRecord, proof: Proof) {
        self.user = user
        self.proof = proof
    }

    /// What counts: the person's role, or that of the token if it is lower.
    package var role: Role {
        switch proof {
        case .session: user.role
        case .token(let token): min(user.role, token.role)
        }
    }

    package var isSession: Bool {
        if case .session = proof { true } else { false }
    }
}
