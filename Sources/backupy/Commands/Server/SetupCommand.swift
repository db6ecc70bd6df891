internal import ArgumentParser
internal import BackupCore
internal import FoundationEssentials

struct SetupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Make the first account of a new server, its owner's, and log in.",
        discussion: """
            A server that nobody has an account of prints a token for this at each start; the newest 16 are good, until one has made the owner. It is asked for, and \
            so are the email and a new password of at least 12 characters; a script gives them in files.
            """)

    private static let largestSecret = 4096

    @Argument(help: ArgumentHelp("The server, as https://backups.example.com.", valueName: "URL"))
    var url: String

    @Option(help: "The owner's email. Default: it is asked for.")
    var email: String?

    @Option(help: "What the owner is called. Default: what is before the @.")
    var name: String?

    @Option(help: ArgumentHelp("A file with the token that the server has printed.", valueName: "file"))
    var setupTokenFile: String?

    @Option(help: ArgumentHelp("A file with the new password.", valueName: "file"))
    var passwordFile: String?

    @Option(help: ArgumentHelp("Trust the certificates in this PEM file instead of the system's.", valueName: "file"))
    var caFile: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    private struct Owner: Encodable {
        let token: String
        let email: String
        let name: String
        let password: String
    }

    func run() async throws {
        let address = try ServerAddress(url)
        let token = try Self.secret(in: setupTokenFile) ?? TerminalQuestion.askSecret("The server's setup token: ")
        let email = try email ?? TerminalQuestion.ask("Email: ")
        let password = try Self.secret(in: passwordFile) ?? newPassword()
        let owner = Owner(
            token: token.revealed.filter { !$0.isWhitespace }, email: email,
            name: name ?? String(email.prefix { $0 != "@" }), password: password.revealed)
        let nobody = Login(server: address, token: Secret(""), caFile: caFile)
        do {
            let _: JSONValue = try await ServerClient.with(nobody) { try await $0.post("/auth/setup", owner) }
        } catch RemoteError.unauthorized {
            throw RemoteError.setupRefused(address.url)
        }
        let session = try await PasswordLogin(server: address, caFile: caFile)
            .token(email: email, password: password) { "" }
        let login = Login(server: address, token: session, caFile: caFile.map { LoggedIn.absolute($0) })
        try await LoggedIn.keep(login, environment: ProcessInfo.processInfo.environment).print(output)
    }

    /// Twice: what is not shown is easily mistyped, and nobody could reset it.
    private func newPassword() throws -> Secret {
        let password = try TerminalQuestion.askSecret("New password, of at least 12 characters: ")
        guard try TerminalQuestion.askSecret("The same again: ") == password else { throw UsageError.passwordsDiffer }
        return password
    }

    /// Without the line's end, which editors add.
    private static func secret(in file: String?) throws -> Secret? {
        guard let file else { return nil }
        var bytes = try TextFile.read(file, limit: largestSecret)
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        return Secret(String(decoding: bytes, as: UTF8.self))
    }
}
