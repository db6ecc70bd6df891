internal import ArgumentParser
internal import BackupFormat

/// The keys that may open a backup.
struct IdentityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the private key, as 'backupy keygen' or age-keygen wrote it. May be given several times.",
            valueName: "file"))
    var identity: [String] = []

    @Flag(help: "With --identity: take a backup that is not encrypted, too. Nothing proves who made it.")
    var allowUnencrypted = false

    func load() throws -> [any Identity] {
        try identity.flatMap { path in
            try AgeKeyFile.parse(try TextFile.read(path, limit: AgeKeyFile.largestSize), name: path)
        }
    }
}
