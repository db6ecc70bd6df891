internal import BackupCore

/// Begins a session of an account at a server, by its password.
struct PasswordLogin {
    private struct Credentials: Encodable {
        let email: String
        let password: String
        let code: String?
    }

    private struct Session: Decodable {
        let token: String
    }

    let server: ServerAddress
    let caFile: String?

    /// - Parameter askCode: the code of a second factor. A wrong password and a missing code get the same answer, so it is asked for
    ///   after either; an empty one gives up.
    /// - Throws: ``RemoteError/loginRefused(_:)``.
    func token(email: String, password: Secret, askCode: () throws -> String) async throws -> Secret {
        try await ServerClient.with(Login(server: server, token: Secret(""), caFile: caFile)) { server in
            do {
                return try await Self.session(server, email, password, code: nil)
            } catch RemoteError.loginRefused(let reason) {
                let code = try askCode()
                guard !code.isEmpty else { throw RemoteError.loginRefused(reason) }
                return try await Self.session(server, email, password, code: code)
            }
        }
    }

    private static func session(
        _ server: ServerClient, _ email: String, _ password: Secret, code: String?
    ) async throws -> Secret {
        do {
            let credentials = Credentials(email: email, password: password.revealed, code: code)
            let session: Session = try await server.post("/auth/login", credentials)
            return Secret(session.token)
        } catch RemoteError.unauthorized {
            throw RemoteError.loginRefused("email, password or code are wrong")
        }
    }
}
