package import FoundationEssentials

/// How documents become JSON: fields in snake_case, times in RFC 3339 with whole seconds.
package enum APICoding {
    package static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }

    package static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            FieldKey(stringValue: swiftName(path.last?.stringValue ?? ""))
        }
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let time = TextForm.time(text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "it is no time (RFC 3339)"))
            }
            return time
        }
        return decoder
    }

    /// Words that Swift writes in capitals.
    private static let capitals: Set<Substring> = ["id", "url", "ca", "totp"]

    /// `agent_id` is `agentID`.
    static func swiftName(_ name: String) -> String {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        let rest = words.dropFirst().map { word in
            capitals.contains(word) ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
        }
        return ([String(words.first ?? "")] + rest).joined()
    }
}

private struct FieldKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
