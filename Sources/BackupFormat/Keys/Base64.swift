internal import FoundationEssentials

/// Standard base64 without padding, canonical only, as the age format writes it (RFC 4648 §3.2, §3.5).
enum Base64 {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let padded = Data(bytes).base64EncodedString()
        return String(padded.prefix { $0 != "=" })
    }

    /// nil for anything but what ``encode(_:)`` writes.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let text = String(text)
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "=") }) else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: text + padding) else { return nil }
        let bytes = Array(data)
        // Unused bits that are not 0 would give one text many forms.
        return encode(bytes) == text ? bytes : nil
    }
}
