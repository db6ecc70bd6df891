internal import FoundationEssentials

/// What only its reader looks into, as text of one line.
enum JSONText {
    static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension SQLRow {
    func json<Value: Decodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(try text(column).utf8))
        } catch is DecodingError {
            throw ControlStoreError.badValue(column: column)
        }
    }

    /// Words that have no line break in them.
    func lines(_ column: String) throws -> [String] { try text(column).split(separator: "\n").map(String.init) }
}
