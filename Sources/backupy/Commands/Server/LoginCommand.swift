internal import ArgumentParser
internal import BackupCore
internal import FoundationEssentials

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log in to a server, for the commands that ask one.",
        discussion: """
            Asks for the email and the password, without showing it; a machine gives an API token instead: --token-file, or \
            BACKUPY_TOKEN. The session or the token is kept in $XDG_CONFIG_HOME/backupy/login.json (0600). A new server's first \
            account is made by 'backupy setup'.
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

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let address = try ServerAddress(url)
        let given = try ServerOptions.token(tokenFile, environment)
        let token: Secret
        if let given { token = given } else { token = try await session(at: address) }
        let login = Login(server: address, token: token, caFile: caFile.map { LoggedIn.absolute($0) })
        try await LoggedIn.keep(login, environment: environment).print(output)
    }

    private func session(at address: ServerAddress) async throws -> Secret {
        let email = try email ?? TerminalQuestion.ask("Email: ")
        let password = try TerminalQuestion.askSecret("Password: ")
        return try await PasswordLogin(server: address, caFile: caFile).token(email: email, password: password) {
            try TerminalQuestion.ask("Not accepted. Code of the second factor, if there is one: ")
        }
    }
}
