internal import ArgumentParser
internal import BackupCore
internal import BackupFormat
internal import FoundationEssentials
internal import Glibc

/// `backupy-decrypt`: opens a backup offline. It opens no socket.
@main
struct BackupyDecrypt: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "backupy-decrypt",
        abstract: "Open a backup offline: decrypt it, decompress it, and prove every byte of it on the way.",
        discussion: """
              backupy-decrypt --identity key.txt --in shop.dump.zst.backupy --out shop.dump
              backupy-decrypt --token-file token.txt --in backup.enc --out shop.dump

            The output appears under its name only once everything has checked out; --out - streams to stdout, and tells by the exit \
            status whether it was all good. Exit status: 0 done, 1 failed, 2 wrong usage.
            """,
        version: "backupy-decrypt \(version)")

    @Option(help: ArgumentHelp("The decryption token from the control plane.", valueName: "jwt"))
    var token: String?

    @Option(
        help: ArgumentHelp(
            "A file with the token, which other users of this machine can't see in 'ps'.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "A file with the private key, as 'backupy keygen' or age-keygen wrote it.", valueName: "file"))
    var identity: [String] = []

    @Option(name: .customLong("in"), help: ArgumentHelp("The stored object.", valueName: "file"))
    var input: String

    @Option(
        name: .customLong("out"), help: ArgumentHelp("The dump; must not exist. '-' for stdout.", valueName: "file"))
    var output: String

    @Option(
        name: .customLong("verify-sha256"), defaultAsFlag: true, parsing: .next,
        help: ArgumentHelp(
            "Compare the SHA-256 of the stored bytes with the token's: done unless this is false.",
            valueName: "true|false"))
    var verifySHA256: Bool?

    private var verifiesHash: Bool { verifySHA256 ?? true }

    @Flag(help: "Write what is inside without decompressing it.")
    var skipDecompress = false

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do {
            let command = try parse()
            try command.run()
        } catch let error as any BackupError {
            Terminal.printError("error: \(error.message)\n  \(error.hint)")
            Glibc.exit(1)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            code == .success ? print(text) : Terminal.printError(text)
            Glibc.exit(code == .success ? 0 : code == .validationFailure ? 2 : 1)
        }
    }

    func validate() throws {
        let ways = [token != nil, tokenFile != nil, !identity.isEmpty].filter { $0 }.count
        guard ways == 1 else { throw ValidationError("Give one of --token, --token-file and --identity.") }
    }

    func run() throws {
        let unlock = try unlock()
        let source = try InputFile(input)
        let progress = TerminalProgress(total: source.size, isShown: !quiet)
        defer { progress.end() }
        if output == "-" {
            try unlock.pass(source, to: StandardOutput(), progress: progress, decompresses: !skipDecompress)
        } else {
            let file = try OutputFile(output)
            Interruptions.onInterruption { file.discard() }
            do {
                try unlock.pass(source, to: file, progress: progress, decompresses: !skipDecompress)
                try file.commit()
            } catch {
                file.discard()
                throw error
            }
        }
        progress.end()
        if !quiet { Terminal.printError("\(output == "-" ? "the stream" : output) is complete and proven") }
    }

    private func unlock() throws -> Unlock {
        if !identity.isEmpty {
            return .identities(
                try identity.flatMap { path in
                    try AgeKeyFile.parse(try InputFile(path).readAll(limit: AgeKeyFile.largestSize), name: path)
                })
        }
        var text = token ?? ""
        if let tokenFile {
            text = String(
                decoding: try InputFile(tokenFile).readAll(limit: DecryptionToken.largestSize), as: UTF8.self)
        }
        let token = try DecryptionToken(String(text.filter { !$0.isWhitespace }), now: Date())
        if verifiesHash, token.formatVersion == 1, token.sha256 == nil {
            Terminal.printError(
                "warning: the token has no SHA-256, so pieces that were dropped or swapped can't be noticed in format v1"
            )
        } else if !verifiesHash, token.formatVersion == 1 {
            Terminal.printError(
                "warning: without the SHA-256, pieces that were dropped or swapped can't be noticed in format v1")
        }
        return .token(token, verifiesHash: verifiesHash)
    }
}
