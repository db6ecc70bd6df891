internal import Crypto

/// The header of a v2 object: first line, identity lines, recipient stanzas, and a MAC over all of them.
package struct V2Header: Sendable {
    package static let largestSize = 64 * 1024
    static let firstLine = "backupy/2\n"

    package let identity: BackupIdentity
    package let stanzas: [Stanza]
    /// The whole header, the MAC's line included.
    package let bytes: [UInt8]
    private let mac: [UInt8]
    private let macOffset: Int

    /// A new header.
    /// - Throws: ``FormatError/noRecipient``, ``FormatError/headerTooLarge``
    package init(identity: BackupIdentity, key: DataKey, recipients: [any Recipient]) throws(FormatError) {
        var stanzas: [Stanza] = []
        for recipient in recipients { stanzas.append(try recipient.wrap(key)) }
        try self.init(identity: identity, key: key, stanzas: stanzas)
    }

    package init(identity: BackupIdentity, key: DataKey, stanzas: [Stanza]) throws(FormatError) {
        guard !stanzas.isEmpty else { throw .noRecipient }
        let text = Self.firstLine + identity.text + stanzas.map(\.text).joined() + "---"
        let mac = Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: Self.macKey(key)))
        let bytes = Array((text + " " + Base64.encode(mac) + "\n").utf8)
        guard bytes.count <= Self.largestSize else { throw .headerTooLarge }
        self.init(identity: identity, stanzas: stanzas, bytes: bytes, mac: mac, macOffset: text.utf8.count)
    }

    private init(identity: BackupIdentity, stanzas: [Stanza], bytes: [UInt8], mac: [UInt8], macOffset: Int) {
        self.identity = identity
        self.stanzas = stanzas
        self.bytes = bytes
        self.mac = mac
        self.macOffset = macOffset
    }

    /// Reads the header at the beginning of `prefix`; what follows it is left alone.
    /// - Parameter isWhole: whether nothing can follow `prefix`, or it has ``largestSize`` bytes.
    /// - Returns: nil when more bytes are needed.
    /// - Throws: one ``FormatError`` for each thing that a header may not have.
    package static func parse(prefix: some Collection<UInt8>, isWhole: Bool) throws(FormatError) -> V2Header? {
        let prefix = Array(prefix.prefix(largestSize))
        guard prefix.prefix(firstLine.utf8.count).elementsEqual(firstLine.utf8.prefix(prefix.count)) else {
            throw .notV2
        }
        guard let end = endOfHeader(in: prefix) else {
            if prefix.count >= largestSize { throw .headerTooLarge }
            if isWhole { throw prefix.count < firstLine.utf8.count ? .notV2 : .truncated }
            return nil
        }
        var parser = V2HeaderParser(Array(prefix[..<end]))
        return try parser.parse()
    }

    /// Reads the header at the beginning of an object.
    package static func parse(prefix: some Collection<UInt8>) throws(FormatError) -> V2Header {
        guard let header = try parse(prefix: prefix, isWhole: true) else { throw .truncated }
        return header
    }

    /// The backup's key, from the first stanza that one of the identities opens; the header is proven with it.
    package func open(with identities: [any Identity]) throws(FormatError) -> DataKey {
        for identity in identities {
            for stanza in stanzas {
                guard let key = identity.unwrap(stanza) else { continue }
                try prove(with: key)
                return key
            }
        }
        throw .noIdentityMatches(stanzas.count)
    }

    /// - Throws: ``FormatError/headerNotAuthentic``. The comparison takes the same time whatever differs.
    package func prove(with key: DataKey) throws(FormatError) {
        guard HMAC<SHA256>.isValidAuthenticationCode(mac, authenticating: bytes[..<macOffset], using: Self.macKey(key))
        else { throw .headerNotAuthentic }
    }

    /// `"backupy/2" ‖ SHA-256(first line + identity lines)`, which binds the payload to the identity.
    var context: [UInt8] {
        Array("backupy/2".utf8) + Array(SHA256.hash(data: Array((Self.firstLine + identity.text).utf8)))
    }

    private static func macKey(_ key: DataKey) -> SymmetricKey { key.derived(info: "backupy/2 header") }

    /// Behind the line feed of the first line that begins with `---`.
    private static func endOfHeader(in bytes: [UInt8]) -> Int? {
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0a) {
            if bytes[start..<end].starts(with: "---".utf8) { return end + 1 }
            start = end + 1
        }
        return nil
    }

    static func parsed(
        identity: BackupIdentity, stanzas: [Stanza], bytes: [UInt8], mac: [UInt8], macOffset: Int
    ) throws(FormatError) -> V2Header {
        let header = V2Header(identity: identity, stanzas: stanzas, bytes: bytes, mac: mac, macOffset: macOffset)
        // One header has one text: what would be written differently is refused, whatever it was that differs.
        let text = firstLine + identity.text + stanzas.map(\.text).joined() + "--- " + Base64.encode(mac) + "\n"
        guard text.utf8.elementsEqual(bytes) else { throw .badHeaderLine(1) }
        return header
    }
}
