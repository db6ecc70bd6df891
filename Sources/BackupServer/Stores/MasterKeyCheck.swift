internal import BackupControl
internal import BackupControlStore
internal import BackupCore
internal import FoundationEssentials

/// Holds the master keys against the database, so that a lost key file is noticed at the start, and not in the hour of a restore: a
/// server that made itself a new key would wrap the keys of new backups under one that nobody keeps.
struct MasterKeyCheck: Sendable {
    private static let name = "master_key_check"
    private static let text = "backupy"

    let database: ControlDatabase
    let keys: MasterKeys

    /// - Throws: ``DispatchError/foreignMasterKey(keyID:)``.
    func check() async throws {
        let standing = try await database.firstSetting(Self.name, try fresh())
        let parts = standing.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let sealed = Data(base64Encoded: String(parts[1])) else {
            throw DispatchError.foreignMasterKey(keyID: "unknown")
        }
        let keyID = String(parts[0])
        do {
            guard try keys.open(Array(sealed), for: Self.name).revealed == Self.text else {
                throw DispatchError.foreignMasterKey(keyID: keyID)
            }
        } catch is ControlError {
            throw DispatchError.foreignMasterKey(keyID: keyID)
        }
        if keyID != keys.newestID { try await database.setSetting(Self.name, try fresh()) }
    }

    private func fresh() throws -> String {
        "\(keys.newestID) \(Data(try keys.seal(Secret(Self.text), for: Self.name)).base64EncodedString())"
    }
}
