package import BackupCore

/// What the control plane refuses, or can't do.
package enum ControlError: BackupError, Equatable {
    /// Another thing has the name, or the state does not allow it. The text says which.
    case conflict(String)
    case notFound(kind: String, id: String)
    /// A field that can't be so.
    case invalid(field: String, reason: String)
    case precondition(String)
    /// Who it is was not proven; which part of it failed is not told.
    case loginRefused
    case forbidden(String)
    /// One's own, which is asked for once more; the field that it was to be in.
    case wrongPassword(field: String)
    /// As much of it is going on as may at once.
    case busy(String)
    case throttled(seconds: Int)

    package var code: String {
        switch self {
        case .conflict: "control.conflict"
        case .notFound: "control.not_found"
        case .invalid: "control.invalid"
        case .precondition: "control.precondition"
        case .loginRefused: "control.login_refused"
        case .forbidden: "control.forbidden"
        case .wrongPassword: "control.wrong_password"
        case .busy: "control.busy"
        case .throttled: "control.throttled"
        }
    }

    package var message: String {
        switch self {
        case .conflict(let what), .precondition(let what), .forbidden(let what): what
        case .wrongPassword: "the current password is wrong or missing"
        case .loginRefused: "address, password or code are wrong"
        case .busy(let what): "too much at once: \(what)"
        case .throttled: "too many attempts"
        case .notFound(let kind, let id): "there is no \(kind) \(id)"
        case .invalid(let field, let reason): "'\(field)': \(reason)"
        }
    }

    package var hint: String {
        switch self {
        case .conflict: "look at what is there now, and decide again"
        case .notFound(let kind, _): "list what there is of kind '\(kind)', and check the id"
        case .invalid(let field, _): "correct '\(field)', and send it again"
        case .precondition: "do first what is missing, then this again"
        case .loginRefused: "try again; with a second factor, wait for the next code"
        case .forbidden: "ask somebody who may"
        case .wrongPassword: "type it again; whoever has forgotten it asks an owner for a new one"
        case .busy: "try again in a moment"
        case .throttled(let seconds): "try again in \(seconds) s"
        }
    }

    package var recovery: Recovery {
        switch self {
        case .busy, .throttled: .retry
        default: .userAction
        }
    }
}
