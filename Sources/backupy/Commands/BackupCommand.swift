internal import ArgumentParser
internal import BackupCore
internal import BackupDrivers
internal import BackupFormat
internal import BackupPipeline
internal import BackupStorage
internal import FoundationEssentials

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Dump a database, compress, encrypt and store it, and read back what was stored.",
        discussion: """
            Nothing of it touches this machine's disk, except a copy of a SQLite database. A run that fails or is stopped leaves \
            nothing in the store.
            """)

    @Argument(
        help: ArgumentHelp(
            "postgres://, mysql://, mariadb:// or mongodb://, each with USER@HOST:PORT/DATABASE, or without /DATABASE for the whole server; redis://USER@HOST:PORT; sqlite:///PATH.",
            valueName: "DATABASE-URL"))
    var database: String

    @Option(name: .customLong("to"), help: ArgumentHelp("s3://BUCKET/PREFIX or file:///DIRECTORY.", valueName: "DEST"))
    var destination: String

    @Option(
        help: ArgumentHelp("A public key that can open the backup. May be given several times.", valueName: "age1…"))
    var recipient: [String] = []

    @Flag(help: "Store the dump so that whoever can read the store can read it.")
    var noEncryption = false

    @Option(help: "zstd, gzip or none.")
    var compression = Compression.zstd

    @Option(help: "The compressor's level. Default: 3 for zstd, 6 for gzip.")
    var level: Int?

    @Option(help: "What to read again before the backup counts: 'all' of it, or its size and both 'ends'.")
    var readBack = BackupRequest.ReadBack.all

    @Flag(help: "Don't count the rows of every table, which reads the database a second time.")
    var noFingerprint = false

    @OptionGroup(title: "Docker") var docker: DockerOptions
    @OptionGroup(title: "S3") var storeOptions: StoreOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let request = try request()
        let driver = try docker.driver(for: database)
        try await storeOptions.withStore(destination) { store in
            let progress = Progress()
            let report = try await Session.run(progress, output: output) {
                var random = SystemRandomNumberGenerator()
                return try await BackupService(driver: driver, store: store, progress: progress)
                    .run(request, now: Date(), using: &random)
            }
            let text = BackupText(report, location: store.location)
            try output.json ? Console.print(json: text) : Console.print(lines: text.lines)
        }
    }

    private func request() throws -> BackupRequest {
        if noEncryption, !recipient.isEmpty { throw UsageError.recipientsWithoutEncryption }
        if !noEncryption, recipient.isEmpty { throw UsageError.noRecipient }
        let recipients = try recipient.map { try X25519Recipient($0) }
        var request = BackupRequest(
            encryption: noEncryption ? .off : .recipients(recipients), toolVersion: Backupy.version)
        request.compression = compression
        request.level = level
        request.readBack = readBack
        request.fingerprint = !noFingerprint
        return request
    }
}

extension Compression: ExpressibleByArgument {}
extension BackupRequest.ReadBack: ExpressibleByArgument {}
