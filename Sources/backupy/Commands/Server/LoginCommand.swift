internal import ArgumentParser
internal import BackupCore
internal import FoundationEssentials

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log in to a server, for the commands that ask one.",
        discussion: """
            Asks for the email and the password, without showing it; a machine gives an API token instead: --token-file, or \
            BACKUPY_TOKEN. The session or the token is kept in $XDG_CONFIG_HOME/backupy/login.json (0600).
            """)

    @Argument(help: ArgumentHelp("The server, as https://backups.example.com.", valueName: "URL"))
    var url: String

    @Option(help: "The account's email. Default: it is asked for.")
    var email: String?

    @Option(help: ArgumentHelp("A file with an API token, instead of a password.", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Trust the certificates in this PEM file instead of the system's.", valueName: "file"))
    var caFile: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Credentials: Encodable {
        let email: String
        let password: String
        let code: String?
    }

    private struct Session: Decodable {
        let token: String
    }

    private struct Account: Decodable {
        let email: String
        let role: String
    }

    private struct Result: Encodable {
        let server: String
        let email: String
        let role: String
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let address = try ServerAddress(url)
        let given = try ServerOptions.token(tokenFile, environment)
        let token: Secret
        if let given { token = given } else { token = try await session(at: address) }
        let login = Login(server: address, token: token, caFile: caFile.map { Self.absolute($0) })
        let account: Account = try await ServerClient.with(login) { try await $0.get("/me") }
        try LoginFile(environment: environment).write(login)
        if output.json {
            try Console.print(json: Result(server: address.url, email: account.email, role: account.role))
        } else {
            try Console.print(lines: ["Logged in to \(address.url) as \(account.email) (\(account.role))"])
        }
    }

    private func session(at address: ServerAddress) async throws -> Secret {
        let email = try email ?? TerminalQuestion.ask("Email: ")
        let password = try TerminalQuestion.askSecret("Password: ")
        let nobody = Login(server: address, token: Secret(""), caFile: caFile)
        return try await ServerClient.with(nobody) { server in
            do {
                return try await Self.session(server, email, password, code: nil)
            } catch RemoteError.loginRefused(let reason) {
                // A wrong password and a missing code get the same answer.
                let code = try TerminalQuestion.ask("Not accepted. Code of the second factor, if there is one: ")
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

    /// It is read from other directories later.
    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
