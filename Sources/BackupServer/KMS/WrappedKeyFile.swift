internal import BackupCore
internal import FoundationEssentials
internal import Glibc

/// `master.key.kms`: the wrapped master keys, one in a line behind the KMS key that wrapped it; for the day on which the database is
/// lost. Nobody can open them without the KMS.
struct WrappedKeyFile: Sendable {
    private static let largestSize = 64 << 10

    let path: String

    /// nil where there is none.
    func wrapped(by keyID: String) throws -> String? { try lines().last { $0.keyID == keyID }?.wrapped }

    /// Takes nothing away: older backups may be under what is there.
    func keep(_ wrapped: String, by keyID: String) throws {
        let lines = try lines()
        guard lines.last(where: { $0.keyID == keyID })?.wrapped != wrapped else { return }
        let text = (lines + [(keyID, wrapped)]).map { "\($0.keyID) \($0.wrapped)\n" }
        let file = try OutputFile(path, replacing: true)
        do {
            try Array(text.joined().utf8).withUnsafeBytes { try file.write($0) }
            try file.place()
        } catch {
            file.discard()
            throw error
        }
    }

    private func lines() throws -> [(keyID: String, wrapped: String)] {
        guard access(path, F_OK) == 0 else { return [] }
        let bytes = try Data(contentsOf: URL(filePath: path))
        guard bytes.count <= Self.largestSize else { throw CoreError.systemCall("read", on: path, errno: EFBIG) }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 ? (String(words[0]), String(words[1])) : nil
        }
    }
}
