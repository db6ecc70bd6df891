internal import ArgumentParser
internal import BackupCore
internal import BackupPipeline

/// SRC on a command line: a place for backups, and which of them.
struct BackupSource {
    /// What remains is a DEST.
    let destination: String
    let selector: BackupSelector

    /// Splits `DEST`, `DEST/latest` and `DEST/ID`.
    /// - Parameter source: `HOST/DATABASE`, where the newest is meant.
    init(_ text: String, source: String?) {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let slash = trimmed.lastIndex(of: "/") else {
            self.init(destination: text, selector: .newest(source: source))
            return
        }
        let last = String(trimmed[trimmed.index(after: slash)...])
        let rest = String(trimmed[..<slash])
        if last == "latest" {
            self.init(destination: rest, selector: .newest(source: source))
        } else if let id = try? BackupID(last) {
            self.init(destination: rest, selector: .id(id))
        } else {
            self.init(destination: text, selector: .newest(source: source))
        }
    }

    private init(destination: String, selector: BackupSelector) {
        self.destination = destination
        self.selector = selector
    }
}

/// The arguments that name one backup.
struct SourceOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("DEST for its newest backup, DEST/ID, or DEST/latest.", valueName: "SRC"))
    var location: String

    @Option(
        help: ArgumentHelp(
            "Whose newest backup, where DEST holds those of several databases; as 'backupy list' prints it.",
            valueName: "host/database"))
    var source: String?

    var parsed: BackupSource { BackupSource(location, source: source) }
}
