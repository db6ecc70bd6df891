import BackupTestSupport
import Foundation

/// What the .proto file says.
struct WireSchema {
    struct Field {
        let number: Int
        let name: String
        /// `string`, `JobStatus`, `map<string,string>`
        let type: String
        let isRepeated: Bool
    }

    private(set) var messages: [String: [Field]] = [:]
    private(set) var enums: [String: [String]] = [:]

    init() throws {
        let path = TestTools.packageRoot + "/Sources/BackupWire/Protos/backup_v1.proto"
        var scope = ""
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if let match = line.wholeMatch(of: /(?:message|enum) (\w+) {/) {
                scope = String(match.1)
            } else if let match = line.wholeMatch(of: /\s+(repeated )?(map<string, string>|\w+) (\w+) = ([0-9]+);/) {
                let field = Field(
                    number: Int(match.4) ?? 0, name: String(match.3),
                    type: String(match.2.replacing(" ", with: "")), isRepeated: match.1 != nil)
                messages[scope, default: []].append(field)
            } else if let match = line.wholeMatch(of: /\s+(\w+) = ([0-9]+);/) {
                enums[scope, default: []].append("\(match.1) \(match.2)")
            }
        }
    }

    var fieldLines: Set<String> {
        Set(
            messages.flatMap { message, fields in
                fields.map { "\(message).\($0.number) \($0.name) \($0.isRepeated ? "repeated " : "")\($0.type)" }
            })
    }

    var enumLines: Set<String> { Set(enums.flatMap { name, values in values.map { "\(name).\($0)" } }) }

    /// The names of the fields that stand in the bytes of a message, as `Message.field`.
    ///
    /// Each must hold what ``Samples`` put into a field of its name.
    /// - Throws: ``TestFailure`` for a field that is not in the .proto, or has another wire type or value.
    func names(in bytes: [UInt8], of message: String) throws -> Set<String> {
        var seen: Set<String> = []
        for raw in try RawField.all(bytes) {
            guard let field = messages[message]?.first(where: { $0.number == raw.number }) else {
                throw TestFailure("\(message) has no field \(raw.number)")
            }
            let name = "\(message).\(field.name)"
            seen.insert(name)
            guard try isExpected(raw, of: field, name, &seen) else { throw TestFailure("\(name) holds \(raw)") }
        }
        return seen
    }

    private func isExpected(_ raw: RawField, of field: Field, _ name: String, _ seen: inout Set<String>) throws -> Bool
    {
        switch field.type {
        case "string": return raw.wireType == 2 && raw.bytes == Array((Samples.texts[name] ?? field.name).utf8)
        case "bytes": return raw.wireType == 2 && raw.bytes == Array(field.name.utf8)
        case "map<string,string>":
            let entry = try RawField.all(raw.bytes)
            return entry == [
                .bytes(1, Array(field.name.utf8)), .bytes(2, Array((Samples.texts[name] ?? "value").utf8)),
            ]
        case "bool": return raw.wireType == 0 && raw.value == 1
        case "float": return raw.wireType == 5 && raw.value == UInt64(Float(Samples.number(field.name)).bitPattern)
        case "uint32" where field.isRepeated:
            return raw.wireType == 2 && raw.bytes == [UInt8(Samples.number(field.name))]
        case "uint32", "uint64": return raw.wireType == 0 && raw.value == UInt64(Samples.number(field.name))
        case let type where enums[type] != nil: return raw.wireType == 0 && raw.value != 0
        default:
            guard raw.wireType == 2 else { return false }
            seen.formUnion(try names(in: raw.bytes, of: field.type))
            return true
        }
    }
}
