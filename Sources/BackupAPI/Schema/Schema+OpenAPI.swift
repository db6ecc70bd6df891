extension Schema {
    /// As OpenAPI 3.1 has it; objects with names are references to its components.
    package var openAPI: JSONValue {
        switch self {
        case .text(let form, let length): .object(Self.text(form, length))
        case .choice(let choices): ["type": "string", "enum": .list(choices.map { .text($0) })]
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number(let range):
            ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .flag: ["type": "boolean"]
        case .list(let element, let count):
            [
                "type": "array", "items": element.openAPI, "minItems": .integer(Int64(count.lowerBound)),
                "maxItems": .integer(Int64(count.upperBound)),
            ]
        case .map(let element, let count):
            [
                "type": "object", "additionalProperties": element.openAPI,
                "maxProperties": .integer(Int64(count.upperBound)),
            ]
        case .object(let object): ["$ref": .text("#/components/schemas/\(object.name)")]
        case .variants(let objects): ["oneOf": .list(objects.map { Schema.object($0).openAPI })]
        case .nullable(let schema): ["anyOf": [schema.openAPI, ["type": "null"]]]
        case .anything: .object([:])
        }
    }

    /// All objects with names in it, by name.
    package var components: [String: JSONValue] {
        switch self {
        case .object(let object):
            object.fields.reduce(into: [object.name: object.openAPI]) { $0.merge($1.schema.components) { $1 } }
        case .variants(let objects):
            objects.reduce(into: [:]) { $0.merge(Schema.object($1).components) { $1 } }
        case .list(let element, _), .map(let element, _), .nullable(let element): element.components
        default: [:]
        }
    }

    private static func text(_ form: TextForm, _ length: ClosedRange<Int>) -> [String: JSONValue] {
        var schema: [String: JSONValue] = ["type": "string"]
        if form == .time {
            schema["format"] = "date-time"
        } else {
            schema["minLength"] = .integer(Int64(length.lowerBound))
            schema["maxLength"] = .integer(Int64(length.upperBound))
        }
        if let pattern = form.pattern { schema["pattern"] = .text(pattern) }
        return schema
    }
}

extension ObjectSchema {
    fileprivate var openAPI: JSONValue {
        var schema: [String: JSONValue] = [
            "type": "object",
            "properties": .object(Dictionary(fields.map { ($0.name, $0.openAPI) }) { $1 }),
            "additionalProperties": false,
        ]
        let required = fields.filter(\.isRequired).map { JSONValue.text($0.name) }
        if !required.isEmpty { schema["required"] = .list(required) }
        if !about.isEmpty { schema["description"] = .text(about) }
        return .object(schema)
    }
}

extension SchemaField {
    fileprivate var openAPI: JSONValue {
        guard !about.isEmpty, case .object(var schema) = schema.openAPI else { return schema.openAPI }
        schema["description"] = .text(about)
        return .object(schema)
    }
}
