/// Reads the lines of a header, each once and in order.
struct V2HeaderParser {
    private let bytes: [UInt8]
    private let lines: [String]
    private var next = 1

    /// - Parameter bytes: from the first line to the MAC's line feed.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    mutating func parse() throws(FormatError) -> V2Header {
        guard bytes.allSatisfy({ (0x20...0x7e).contains($0) || $0 == 0x0a }) else {
            throw .badHeaderLine(lineOfBadByte)
        }
        let identity = try BackupIdentity(identityLines())
        var stanzas: [Stanza] = []
        while let line = peek(), line.hasPrefix("->") {
            let start = next + 1
            let stanza = try stanza()
            // A type that we know has one form; others are somebody else's.
            guard stanza.type != X25519Wrapping.type || X25519Wrapping.canRead(stanza) else { throw .badStanza(start) }
            stanzas.append(stanza)
        }
        guard !stanzas.isEmpty else { throw .noRecipient }
        guard next == lines.count - 1, let line = peek(), line.hasPrefix("--- "),
            let mac = Base64.decode(line.dropFirst(4)), mac.count == 32
        else { throw .badHeaderLine(next + 1) }
        let macOffset = bytes.count - line.utf8.count - 1 + 3
        return try V2Header.parsed(identity: identity, stanzas: stanzas, bytes: bytes, mac: mac, macOffset: macOffset)
    }

    private func peek() -> String? { next < lines.count ? lines[next] : nil }

    private mutating func identityLines() throws(FormatError) -> [String: String] {
        var values: [String: String] = [:]
        while let line = peek(), !line.hasPrefix("->"), !line.hasPrefix("---") {
            guard let colon = line.firstIndex(of: ":"), line[colon...].hasPrefix(": ") else {
                throw .badHeaderLine(next + 1)
            }
            let name = String(line[..<colon])
            guard BackupIdentity.names.contains(name), let value = BackupIdentity.decode(line[colon...].dropFirst(2))
            else { throw .badHeaderLine(next + 1) }
            guard values.updateValue(value, forKey: name) == nil else { throw .duplicateName(name) }
            next += 1
        }
        return values
    }

    private mutating func stanza() throws(FormatError) -> Stanza {
        let start = next + 1
        let words = lines[next].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 2, words[0] == "->", words.allSatisfy({ !$0.isEmpty }) else { throw .badStanza(start) }
        next += 1
        var base64 = ""
        while let line = peek(), line.utf8.count <= Stanza.columns, !line.hasPrefix("-") {
            base64 += line
            next += 1
            guard line.utf8.count == Stanza.columns else {
                guard let body = Base64.decode(base64) else { throw .badStanza(start) }
                return Stanza(type: words[1], arguments: Array(words[2...]), body: body)
            }
        }
        throw .badStanza(start)
    }

    private var lineOfBadByte: Int {
        var line = 1
        for byte in bytes {
            if byte == 0x0a { line += 1 } else if !(0x20...0x7e).contains(byte) { break }
        }
        return line
    }
}
