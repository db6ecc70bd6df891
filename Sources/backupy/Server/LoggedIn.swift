internal import BackupCore
internal import FoundationEssentials

/// Who has logged in where, as it is printed.
struct LoggedIn: Encodable {
    private struct Account: Decodable {
        let email: String
        let role: String
    }

    let server: String
    let email: String
    let role: String

    /// Keeps a login for the commands after it, once the server has accepted it.
    static func keep(_ login: Login, environment: [String: String]) async throws -> Self {
        let account: Account = try await ServerClient.with(login) { try await $0.get("/me") }
        try LoginFile(environment: environment).write(login)
        return Self(server: login.server.url, email: account.email, role: account.role)
    }

    func print(_ output: OutputOptions) throws {
        if output.json { return try Console.print(json: self) }
        try Console.print(lines: ["Logged in to \(server) as \(email) (\(role))"])
    }

    /// Of a file that commands read in other directories later.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
