/// An object of a document in which an unknown name is an error: `"restore"` for `"restores"` must not mean "no rule".
struct StrictObject {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let container: KeyedDecodingContainer<Key>

    init(_ decoder: any Decoder, keys: Set<String>) throws {
        container = try decoder.container(keyedBy: Key.self)
        let unknown = container.allKeys.map(\.stringValue).filter { !keys.contains($0) }.sorted()
        if let name = unknown.first {
            let place = decoder.codingPath.last.map { " in '\($0.stringValue)'" } ?? ""
            throw PolicyDocument.Problem(reason: "there is no '\(name)'\(place)")
        }
    }

    /// nil where it is left out. A `null` is a value of the wrong kind: it would be a rule that allows everything.
    func value<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
        let key = Key(stringValue: name)
        return container.contains(key) ? try container.decode(type, forKey: key) : nil
    }
}
