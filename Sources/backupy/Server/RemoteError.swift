internal import BackupCore

/// What stands between this command and a Backupy server, or what the server refuses.
enum RemoteError: BackupError, Equatable {
    case notLoggedIn
    case invalidAddress(String, reason: String)
    case insecureAddress(String)
    case unreachable(String, reason: String)
    case untrustedCertificate(String)
    case wrongName(String)
    case tls(String, reason: String)
    case connectionLost(String, reason: String)
    case timedOut(String)
    case loginRefused(String)
    case setupRefused(String)
    case unauthorized(String)
    case denied(reason: String)
    case notFound(reason: String)
    case invalid(reason: String)
    case conflict(reason: String)
    case precondition(reason: String)
    case rateLimited(String)
    case failed(String, status: Int, reason: String)
    case answerTooLarge(String, limit: Int)
    case unexpectedAnswer(String)
    case noSuchThing(kind: String, name: String)
    case severalThings(kind: String, name: String, choices: [String])
    /// - Parameter hint: what its agent says of that; empty for nothing.
    case runFailed(String, status: String, reason: String, hint: String)
    /// - Parameter state: of the database, as the API says it; empty where nobody knows.
    case restoreFailed(String, status: String, reason: String, hint: String, state: String)

    var code: String {
        switch self {
        case .notLoggedIn: "remote.not_logged_in"
        case .invalidAddress: "remote.invalid_address"
        case .insecureAddress: "remote.insecure_address"
        case .unreachable: "remote.unreachable"
        case .untrustedCertificate: "remote.untrusted_certificate"
        case .wrongName: "remote.wrong_name"
        case .tls: "remote.tls"
        case .connectionLost: "remote.connection_lost"
        case .timedOut: "remote.timed_out"
        case .loginRefused: "remote.login_refused"
        case .setupRefused: "remote.setup_refused"
        case .unauthorized: "remote.unauthorized"
        case .denied: "remote.denied"
        case .notFound: "remote.not_found"
        case .invalid: "remote.invalid"
        case .conflict: "remote.conflict"
        case .precondition: "remote.precondition"
        case .rateLimited: "remote.rate_limited"
        case .failed: "remote.failed"
        case .answerTooLarge: "remote.answer_too_large"
        case .unexpectedAnswer: "remote.unexpected_answer"
        case .noSuchThing: "remote.no_such_thing"
        case .severalThings: "remote.several_things"
        case .runFailed: "remote.run_failed"
        case .restoreFailed: "remote.restore_failed"
        }
    }

    var message: String {
        switch self {
        case .notLoggedIn: "no server was named, and nobody has logged in to one"
        case .invalidAddress(let text, let reason): "'\(text)' is not a server's address: \(reason)"
        case .insecureAddress(let text): "'\(text)' would carry the password and the token in clear"
        case .unreachable(let server, let reason): "\(server) can't be reached: \(reason)"
        case .untrustedCertificate(let server):
            "the certificate of \(server) is from nobody that is trusted here, or has expired"
        case .wrongName(let server): "the certificate that \(server) showed is for another name"
        case .tls(let server, let reason): "no TLS connection to \(server): \(reason)"
        case .connectionLost(let server, let reason): "the connection to \(server) was lost: \(reason)"
        case .timedOut(let server): "\(server) did not answer in time"
        case .loginRefused(let reason): "the server did not accept this login: \(reason)"
        case .setupRefused(let server): "\(server) does not accept this setup token"
        case .unauthorized(let server): "\(server) does not accept the session or the token"
        case .denied(let reason): "the server does not allow this: \(reason)"
        case .notFound(let reason): "the server does not have this: \(reason)"
        case .invalid(let reason): "the server does not take this: \(reason)"
        case .conflict(let reason): "this is in conflict with what the server has: \(reason)"
        case .precondition(let reason): "the server can't do this yet: \(reason)"
        case .rateLimited(let server): "\(server) was asked too often"
        case .failed(let server, let status, let reason): "\(server) failed with status \(status): \(reason)"
        case .answerTooLarge(let server, let limit): "an answer of \(server) has more than \(limit) bytes"
        case .unexpectedAnswer(let server): "\(server) gave an answer that this version can't read"
        case .noSuchThing(let kind, let name): "there is no \(kind) '\(name)'"
        case .severalThings(let kind, let name, let choices):
            "there are several \(kind)s '\(name)': \(choices.joined(separator: ", "))"
        case .runFailed(let id, let status, let reason, _):
            "run \(id) ended as \(status)\(reason.isEmpty ? "" : ": \(reason)")"
        case .restoreFailed(let id, let status, let reason, _, _):
            "restore \(id) ended as \(status)\(reason.isEmpty ? "" : ": \(reason)")"
        }
    }

    var hint: String {
        switch self {
        case .notLoggedIn: "run 'backupy login https://…', or set BACKUPY_SERVER and BACKUPY_TOKEN"
        case .invalidAddress:
            "write it as https://backups.example.com; on the same machine http://127.0.0.1:8080 will do"
        case .insecureAddress: "use https://; http:// is for a server on this machine only"
        case .unreachable: "check the address and the port, that the server runs, and the network in between"
        case .untrustedCertificate:
            "for a private CA or a certificate of your own, name its PEM file with --ca-file; otherwise somebody is in between"
        case .wrongName: "use the name that the certificate is for, or have one issued for this name"
        case .tls: "check that the address is that of a Backupy server, and what stands in between"
        case .connectionLost, .timedOut: "try again; what was asked for may have been done"
        case .loginRefused: "check the email, the password, and the code if this account has a second factor"
        case .setupRefused:
            "give the token of the server's newest start; where somebody has an account already, it prints none: log in"
        case .unauthorized: "log in again with 'backupy login', or give a token that is still good"
        case .denied: "ask somebody whose role allows it"
        case .notFound: "list what there is, and check the name"
        case .invalid: "correct what it names, and try again"
        case .conflict: "look at what is there now, and decide again"
        case .precondition: "do first what is missing, then this again"
        case .rateLimited: "wait a minute, and ask less often"
        case .failed: "try again; if it goes on, look into the server's log"
        case .answerTooLarge: "ask for less at once"
        case .unexpectedAnswer:
            "check that the address is that of a Backupy server, and update this command or the server"
        case .noSuchThing(let kind, _): "'backupy \(kind)s' lists what there is"
        case .severalThings: "write it as AGENT/NAME, or give its id"
        case .runFailed(let id, _, _, let hint): (hint.isEmpty ? "" : hint + "; ") + "see 'backupy logs \(id)'"
        case .restoreFailed(_, _, _, let hint, let state): (hint.isEmpty ? "" : hint + "; ") + Self.words(of: state)
        }
    }

    private static func words(of state: String) -> String {
        switch state {
        case "unchanged": "the database is as it was"
        case "created_empty": "the database was made, and is empty"
        case "partial": "the database has a part of the backup"
        case "complete": "all of the backup is in the database"
        default: "the database may have a part of the backup: see the agent's log"
        }
    }

    var recovery: Recovery {
        switch self {
        case .unreachable, .connectionLost, .timedOut, .rateLimited, .failed: .retry
        default: .userAction
        }
    }
}
