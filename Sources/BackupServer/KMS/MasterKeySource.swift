internal import BackupControlStore
internal import BackupCore
internal import BackupFormat
internal import BackupStorage
internal import Logging

/// Where a server's master keys come from: a KMS where one is named, with those of a variable or a file behind them, which are older;
/// else a variable or a file (``MasterKeys/load(dataDirectory:environment:)``).
struct MasterKeySource: Sendable {
    let dataDirectory: String
    let environment: [String: String]
    let database: ControlDatabase
    let logger: Logger
    var retries = RetryPolicy()

    /// - Throws: ``KMSError``, ``DispatchError/badMasterKey(place:)``.
    func load() async throws -> MasterKeys {
        let newest = try KMSSettings(KMSSettings.variable, environment: environment)
        let previous = try KMSSettings(KMSSettings.previousVariable, environment: environment)
        var keys: [DataKey] = []
        if let newest { keys.append(try await wrapped(newest).key(isMade: true)) }
        keys += try MasterKeys.clear(dataDirectory: dataDirectory, environment: environment, isMade: newest == nil)
        if let previous { keys.append(try await wrapped(previous).key(isMade: false)) }
        return try MasterKeys(keys, from: KMSSettings.variable)
    }

    private func wrapped(_ settings: KMSSettings) -> WrappedMasterKey {
        var settings = settings
        settings.retries = retries
        return WrappedMasterKey(
            kms: KMSClient(settings: settings, logger: logger), database: database,
            copy: WrappedKeyFile(path: dataDirectory + "/master.key.kms"))
    }
}
