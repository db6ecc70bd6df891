internal import ArgumentParser
internal import BackupCore
internal import BackupStorage
internal import FoundationEssentials

/// How an S3 server is reached. What isn't given comes from the AWS environment variables and profile files.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The S3 server, for stores other than AWS. Default: AWS_ENDPOINT_URL.", valueName: "url"))
    var endpoint: String?

    @Option(help: "The region. Default: AWS_REGION, the profile's, or us-east-1.")
    var region: String?

    @Flag(
        help:
            "Put the bucket into the path (the default with --endpoint), or into the host's name (the default at AWS).")
    var addressing: Addressing?

    @Option(help: ArgumentHelp("Trust the certificates in this PEM file instead of the system's.", valueName: "file"))
    var caFile: String?

    enum Addressing: String, EnumerableFlag {
        case pathStyle
        case virtualHost
    }

    /// Opens the store at `destination`, and closes it after `body`.
    func withStore<R: Sendable>(
        _ destination: String, _ body: (any ObjectStore) async throws -> R
    ) async throws -> R {
        let store = try Stores.open(try StoreLocation.parse(destination)) {
            try S3Settings.resolve(flags, environment: ProcessInfo.processInfo.environment)
        }
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }

    private var flags: S3Settings.Flags {
        var flags = S3Settings.Flags()
        flags.endpoint = endpoint
        flags.region = region
        flags.isPathStyle = addressing.map { $0 == .pathStyle }
        flags.caFile = caFile
        return flags
    }
}
