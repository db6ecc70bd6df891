internal import ArgumentParser
internal import BackupFormat
internal import FoundationEssentials
internal import Glibc

struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key pair: a private key to keep, and the public key to give to 'backupy backup'.",
        discussion: """
            The file has age's form, and age-keygen's files work here too. Keep it where the database is not: whoever has it can \
            read the backups, and without it nobody can.
            """)

    @Option(name: .shortAndLong, help: "The file to write (0600). An existing one is never touched. Default: stdout.")
    var output: String?

    @OptionGroup var speech: OutputOptions

    private struct Result: Encodable {
        let publicKey: String
        let identity: String?
        let file: String?
    }

    func run() throws {
        let identity = X25519Identity.random()
        let publicKey = identity.recipient.description
        let text = AgeKeyFile.text(of: identity, created: Date())
        if let output { try PrivateFile.create(output, text: text) }
        if speech.json {
            let secret = output == nil ? identity.secretText : nil
            try Console.print(json: Result(publicKey: publicKey, identity: secret, file: output))
            return
        }
        if output == nil { try Console.print(text, terminator: "") }
        // As age-keygen does: the key itself may go through a pipe, and a person still sees what to copy.
        if output != nil || isatty(STDOUT_FILENO) == 0 { Console.printError("Public key: \(publicKey)") }
    }
}
