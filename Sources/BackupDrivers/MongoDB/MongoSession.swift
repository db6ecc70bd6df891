/// Questions to a MongoDB server, for one blocking thread.
protocol MongoSession {
    /// Runs a command, and decodes its answer.
    /// - Parameter json: MongoDB's extended JSON. As text, because the first name in it is the command's.
    func run<Answer: Decodable>(_ json: String, in database: String) throws -> Answer
}

/// A whole number of extended JSON: `7`, or `{"$numberLong": "7"}` with its type.
struct MongoNumber: Decodable, Sendable {
    let value: Int64

    private enum CodingKeys: String, CodingKey {
        case long = "$numberLong"
        case int = "$numberInt"
        case double = "$numberDouble"
    }

    init(from decoder: any Decoder) throws {
        if let typed = try? decoder.container(keyedBy: CodingKeys.self) {
            for key in [CodingKeys.long, .int, .double] {
                guard let text = try typed.decodeIfPresent(String.self, forKey: key) else { continue }
                if let value = Int64(text) ?? Double(text).flatMap({ Int64(exactly: $0) }) {
                    self.value = value
                    return
                }
            }
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no number"))
        }
        value = try decoder.singleValueContainer().decode(Int64.self)
    }
}
