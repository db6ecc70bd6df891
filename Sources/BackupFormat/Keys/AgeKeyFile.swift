internal import BackupCore
package import FoundationEssentials

/// Files with private keys in the form that `age-keygen` writes.
package enum AgeKeyFile {
    package static let largestSize = 64 * 1024

    /// All identities in a file. Empty lines and lines with `#` are comments.
    /// - Parameter name: the file's, for errors. No line of it is ever repeated in one.
    package static func parse(_ bytes: [UInt8], name: String) throws(FormatError) -> [any Identity] {
        var identities: [any Identity] = []
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let text = String(line.filter { $0 != " " && $0 != "\t" })
            if text.isEmpty || text.hasPrefix("#") { continue }
            guard let identity = X25519Identity(secretText: text) else { throw .badIdentity(name, line: index + 1) }
            identities.append(identity)
        }
        guard !identities.isEmpty else { throw .noIdentity(name) }
        return identities
    }

    /// The text of a new file.
    package static func text(of identity: X25519Identity, created: Date) -> String {
        """
        # created: \(UTCTime(created).rfc3339)
        # public key: \(identity.recipient)
        \(identity.secretText)

        """
    }
}
