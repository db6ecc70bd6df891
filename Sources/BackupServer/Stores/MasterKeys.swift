package import BackupControl
package import BackupCore
package import BackupFormat
package import Crypto
internal import FoundationEssentials
internal import Glibc

/// The keys that everything secret of the server is under. The newest wraps; all of them unwrap, so that a new one can be put in
/// front of the others at any time.
///
/// As text: one key in a line, 32 bytes in base64, the newest first. Its id, `dek_kms_id`, comes from the key itself.
package struct MasterKeys: Sendable, CustomReflectable {
    package static let variable = "BACKUPY_MASTER_KEY"
    private static let largestCount = 16

    private struct Key: Sendable {
        let id: String
        let key: DataKey
        let sealedText: SealedText
    }

    /// The newest first; never none.
    private let keys: [Key]

    package var newestID: String { keys[0].id }
    var count: Int { keys.count }
    package var customMirror: Mirror { Mirror(self, children: ["ids": keys.map(\.id)]) }

    /// - Parameter place: where the text is from, for messages; nothing of the text is repeated.
    package init(_ text: Secret, from place: String) throws(DispatchError) {
        try self.init(Self.keys(in: text, from: place), from: place)
    }

    /// - Parameter keys: the newest first.
    init(_ keys: [DataKey], from place: String) throws(DispatchError) {
        guard !keys.isEmpty, keys.count <= Self.largestCount else { throw .badMasterKey(place: place) }
        self.keys = keys.map { key in
            let bytes = key.withBytes { Array($0) }
            let id = SHA256.hash(data: Array("backupy master key id".utf8) + bytes)
            let name = "mk-" + id.prefix(6).map { byte in String(0x100 | Int(byte), radix: 16).dropFirst() }.joined()
            return Key(id: name, key: key, sealedText: SealedText(masterKey: SecretBytes(bytes)))
        }
    }

    private static func keys(in text: Secret, from place: String) throws(DispatchError) -> [DataKey] {
        var keys: [DataKey] = []
        for line in text.revealed.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
            guard let bytes = Data(base64Encoded: String(line)), let key = DataKey(bytes) else {
                throw .badMasterKey(place: place)
            }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw .badMasterKey(place: place) }
        return keys
    }

    /// From the variable, the file that `BACKUPY_MASTER_KEY_FILE` names, or `master.key` in the data directory, which is made at the
    /// first start (0600).
    package static func load(dataDirectory: String, environment: [String: String]) throws -> MasterKeys {
        try MasterKeys(clear(dataDirectory: dataDirectory, environment: environment, isMade: true), from: variable)
    }

    /// The keys that stand somewhere in clear.
    /// - Parameter isMade: whether one is made where there is none.
    static func clear(dataDirectory: String, environment: [String: String], isMade: Bool) throws -> [DataKey] {
        if let text = environment[variable], !text.isEmpty { return try keys(in: Secret(text), from: variable) }
        if let path = environment[variable + "_FILE"], !path.isEmpty { return try read(path) }
        let path = dataDirectory + "/master.key"
        if access(path, F_OK) != 0 {
            guard isMade else { return [] }
            try create(path)
        }
        return try read(path)
    }

    private static func create(_ path: String) throws {
        let line = DataKey.random().withBytes { Data($0).base64EncodedString() } + "\n"
        let file = try OutputFile(path)
        do {
            try Array(line.utf8).withUnsafeBytes { try file.write($0) }
            try file.commit()
        } catch CoreError.fileExists {
            // Another replica was faster, and its key is the one.
            file.discard()
        } catch {
            file.discard()
            throw error
        }
    }

    private static func read(_ path: String) throws -> [DataKey] {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)), bytes.count <= 4096 else {
            throw DispatchError.badMasterKey(place: path)
        }
        return try keys(in: Secret(String(decoding: bytes, as: UTF8.self)), from: path)
    }

    // MARK: Keys of runs

    /// - Returns: the newest key's id, and the run's key under it, bound to the run.
    package func wrap(_ key: DataKey, runID: String) throws -> (keyID: String, wrapped: [UInt8]) {
        let stanza = try ServerKey(keyID: keys[0].id, masterKey: keys[0].key, runID: runID).wrap(key)
        return (keys[0].id, stanza.body)
    }

    /// - Throws: ``DispatchError/keyUnavailable(keyID:)`` for what was wrapped under a key that isn't here, or for another run.
    package func unwrap(_ wrapped: [UInt8], keyID: String, runID: String) throws(DispatchError) -> DataKey {
        guard let key = keys.first(where: { $0.id == keyID }),
            let unwrapped = ServerKey(keyID: keyID, masterKey: key.key, runID: runID)
                .unwrap(Stanza(type: ServerKey.type, arguments: [keyID], body: wrapped))
        else { throw .keyUnavailable(keyID: keyID) }
        return unwrapped
    }

    // MARK: Secrets

    package func seal(_ secret: Secret, for place: String) throws -> [UInt8] {
        try keys[0].sealedText.seal(secret, for: place)
    }

    /// - Throws: ``ControlError/precondition(_:)``.
    package func open(_ sealed: [UInt8], for place: String) throws(ControlError) -> Secret {
        for key in keys.dropFirst().reversed() {
            if let secret = try? key.sealedText.open(sealed, for: place) { return secret }
        }
        return try keys[0].sealedText.open(sealed, for: place)
    }

    /// The same secret under the newest key; nil where it is under that one.
    /// - Throws: ``ControlError/precondition(_:)``.
    func resealed(_ sealed: [UInt8], for place: String) throws -> [UInt8]? {
        if (try? keys[0].sealedText.open(sealed, for: place)) != nil { return nil }
        return try seal(try open(sealed, for: place), for: place)
    }

    // MARK: Signatures

    /// For one purpose, of the newest key.
    package func signingKey(_ purpose: String) -> SymmetricKey { keys[0].key.derived(info: purpose) }
    /// Of all keys, to check with.
    package func checkingKeys(_ purpose: String) -> [SymmetricKey] { keys.map { $0.key.derived(info: purpose) } }
}
