package import FoundationEssentials

/// Parts that several documents of accounts have.
enum AccountSchema {
    static let email = Schema.text(.email, length: 3...254)
    static let name = Schema.line(1...100)
    static let password = Schema.text(.opaque, length: 12...256)
    /// One that is already there may be shorter by older rules.
    static let knownPassword = Schema.text(.opaque, length: 1...256)
    static let role = Schema.choice(["viewer", "operator", "admin", "owner"])
    static let token = Schema.text(.token, length: 1...512)
}

package struct UserDocument: APIDocument {
    package let id: String
    package let email: String
    package let name: String
    package let role: String
    package let isTOTPEnabled: Bool
    package let isDisabled: Bool
    package let createdAt: Date

    package init(
        id: String, email: String, name: String, role: String, isTOTPEnabled: Bool, isDisabled: Bool, createdAt: Date
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.isTOTPEnabled = isTOTPEnabled
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }

    package static let schema = Schema.named(
        "User",
        [
            .required("id", .id), .required("email", AccountSchema.email), .required("name", AccountSchema.name),
            .required("role", AccountSchema.role), .required("is_totp_enabled", .flag), .required("is_disabled", .flag),
            .required("created_at", .time),
        ])
}

/// `POST /auth/setup`: the first owner, by the token that the server has printed.
package struct SetupRequest: APIDocument {
    package let token: String
    package let email: String
    package let name: String
    package let password: String

    package init(token: String, email: String, name: String, password: String) {
        self.token = token
        self.email = email
        self.name = name
        self.password = password
    }

    package static let schema = Schema.named(
        "SetupRequest",
        [
            .required("token", AccountSchema.token), .required("email", AccountSchema.email),
            .required("name", AccountSchema.name), .required("password", AccountSchema.password),
        ])
}

package struct LoginRequest: APIDocument {
    package let email: String
    package let password: String
    package let code: String?
    package let useCookie: Bool?

    package init(email: String, password: String, code: String? = nil, useCookie: Bool? = nil) {
        self.email = email
        self.password = password
        self.code = code
        self.useCookie = useCookie
    }

    package static let schema = Schema.named(
        "LoginRequest",
        [
            .required("email", AccountSchema.email), .required("password", AccountSchema.knownPassword),
            .optional("code", .text(.code, length: 6...6), "Of the second factor."),
            .optional("use_cookie", .flag, "For browsers: the session comes as a cookie, and not in the answer."),
        ])
}

package struct LoginDocument: APIDocument {
    /// Absent where it went out as a cookie.
    package let token: String?
    package let csrfToken: String
    package let expiresAt: Date
    package let user: UserDocument

    package init(token: String?, csrfToken: String, expiresAt: Date, user: UserDocument) {
        self.token = token
        self.csrfToken = csrfToken
        self.expiresAt = expiresAt
        self.user = user
    }

    package static let schema = Schema.named(
        "Login",
        [
            .optional("token", AccountSchema.token), .required("csrf_token", AccountSchema.token),
            .required("expires_at", .time), .required("user", UserDocument.schema),
        ])
}

/// `PATCH /me`. Address and password need the password that is.
package struct OwnAccountChange: APIDocument {
    package let email: String?
    package let name: String?
    package let password: String?
    package let currentPassword: String?

    package init(
        email: String? = nil, name: String? = nil, password: String? = nil, currentPassword: String? = nil
    ) {
        self.email = email
        self.name = name
        self.password = password
        self.currentPassword = currentPassword
    }

    package static let schema = Schema.named(
        "OwnAccountChange",
        [
            .optional("email", AccountSchema.email), .optional("name", AccountSchema.name),
            .optional("password", AccountSchema.password),
            .optional("current_password", AccountSchema.knownPassword),
        ])
}

package struct NewUser: APIDocument {
    package let email: String
    package let name: String
    package let role: String
    package let password: String

    package init(email: String, name: String, role: String, password: String) {
        self.email = email
        self.name = name
        self.role = role
        self.password = password
    }

    package static let schema = Schema.named(
        "NewUser",
        [
            .required("email", AccountSchema.email), .required("name", AccountSchema.name),
            .required("role", AccountSchema.role), .required("password", AccountSchema.password),
        ])
}

package struct UserChange: APIDocument {
    package let email: String?
    package let name: String?
    package let role: String?
    package let password: String?
    package let isDisabled: Bool?

    package init(
        email: String? = nil, name: String? = nil, role: String? = nil, password: String? = nil,
        isDisabled: Bool? = nil
    ) {
        self.email = email
        self.name = name
        self.role = role
        self.password = password
        self.isDisabled = isDisabled
    }

    package static let schema = Schema.named(
        "UserChange",
        [
            .optional("email", AccountSchema.email), .optional("name", AccountSchema.name),
            .optional("role", AccountSchema.role), .optional("password", AccountSchema.password),
            .optional("is_disabled", .flag),
        ])
}

/// `POST /me/2fa/enable`: with the password alone it begins, with a code of the new secret it is on.
package struct TwoFactorRequest: APIDocument {
    package let password: String
    package let code: String?

    package init(password: String, code: String? = nil) {
        self.password = password
        self.code = code
    }

    package static let schema = Schema.named(
        "TwoFactorRequest",
        [
            .required("password", AccountSchema.knownPassword), .optional("code", .text(.code, length: 6...6)),
        ])
}

package struct TwoFactorDocument: APIDocument {
    package let isEnabled: Bool
    /// `otpauth:`, for an authenticator app; only in the first answer.
    package let address: String?

    package init(isEnabled: Bool, address: String? = nil) {
        self.isEnabled = isEnabled
        self.address = address
    }

    package static let schema = Schema.named(
        "TwoFactor", [.required("is_enabled", .flag), .optional("address", .line(1...1000))])
}

package struct NewAPIToken: APIDocument {
    package let name: String
    package let role: String
    package let expiresInDays: Int?

    package init(name: String, role: String, expiresInDays: Int? = nil) {
        self.name = name
        self.role = role
        self.expiresInDays = expiresInDays
    }

    package static let schema = Schema.named(
        "NewAPIToken",
        [
            .required("name", AccountSchema.name), .required("role", AccountSchema.role),
            .optional("expires_in_days", .integer(1...3650), "Never, if not said."),
        ])
}

package struct APITokenDocument: APIDocument {
    package let id: String
    package let name: String
    package let role: String
    package let createdAt: Date
    package let expiresAt: Date?
    package let lastUsedAt: Date?
    /// Only in the answer that made it.
    package let token: String?

    package init(
        id: String, name: String, role: String, createdAt: Date, expiresAt: Date?, lastUsedAt: Date?,
        token: String? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.token = token
    }

    package static let schema = Schema.named(
        "APIToken",
        [
            .required("id", .id), .required("name", AccountSchema.name), .required("role", AccountSchema.role),
            .required("created_at", .time), .optional("expires_at", .time), .optional("last_used_at", .time),
            .optional("token", AccountSchema.token),
        ])
}

package struct AuditDocument: APIDocument {
    package let id: String
    package let at: Date
    package let actorKind: String
    package let actorID: String
    package let actorName: String
    package let address: String
    package let action: String
    package let objectKind: String
    package let objectID: String
    package let details: String

    package init(
        id: String, at: Date, actorKind: String, actorID: String, actorName: String, address: String, action: String,
        objectKind: String, objectID: String, details: String
    ) {
        self.id = id
        self.at = at
        self.actorKind = actorKind
        self.actorID = actorID
        self.actorName = actorName
        self.address = address
        self.action = action
        self.objectKind = objectKind
        self.objectID = objectID
        self.details = details
    }

    package static let schema = Schema.named(
        "AuditEntry",
        [
            .required("id", .id), .required("at", .time),
            .required("actor_kind", .choice(["user", "token", "system", "anonymous"])),
            .required("actor_id", .line(0...100)), .required("actor_name", .line(0...400)),
            .required("address", .line(0...100)), .required("action", .line(1...100)),
            .required("object_kind", .line(0...100)), .required("object_id", .line(0...100)),
            .required("details", .line(0...10_000)),
        ])
}
