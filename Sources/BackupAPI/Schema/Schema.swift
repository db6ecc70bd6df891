/// What a JSON value must be: the part of JSON Schema (2020-12) that the API needs. From it come the check of each request, and
/// the OpenAPI document.
///
/// Everything has a bound: texts their length, lists their count, numbers their range.
package indirect enum Schema: Sendable {
    /// - Parameter length: in code points, as JSON Schema counts.
    case text(TextForm, length: ClosedRange<Int>)
    case choice([String])
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    case flag
    case list(Schema, count: ClosedRange<Int>)
    /// An object with names that nobody foresees.
    case map(Schema, count: ClosedRange<Int>)
    case object(ObjectSchema)
    /// One of several objects: which, says the only choice of its field `kind`.
    case variants([ObjectSchema])
    case nullable(Schema)
    /// Any JSON: what an agent told, passed on as it is. Only in answers.
    case anything

    /// What people write in one line: a name, a label.
    package static func line(_ length: ClosedRange<Int>) -> Self { .text(.line, length: length) }
    /// Text of several lines.
    package static func lines(_ length: ClosedRange<Int>) -> Self { .text(.lines, length: length) }
    package static let id = Self.text(.id, length: 1...40)
    package static let time = Self.text(.time, length: 20...40)
    package static func list(_ element: Schema, upTo count: Int) -> Self { .list(element, count: 0...count) }
    package static func choice<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type) -> Self {
        .choice(Choice.allCases.map(\.rawValue))
    }
    /// An object with a name of its own in the OpenAPI document.
    package static func named(_ name: String, _ fields: [SchemaField], _ about: String = "") -> Self {
        .object(ObjectSchema(name: name, about: about, fields: fields))
    }
}

package struct ObjectSchema: Sendable {
    package let name: String
    package let about: String
    package let fields: [SchemaField]

    package init(name: String, about: String = "", fields: [SchemaField]) {
        self.name = name
        self.about = about
        self.fields = fields
    }

    /// Of one of several (``Schema/variants(_:)``).
    package var kind: String? {
        guard case .choice(let choices)? = fields.first(where: { $0.name == "kind" })?.schema else { return nil }
        return choices.first
    }
}

package struct SchemaField: Sendable {
    package let name: String
    package let schema: Schema
    package let isRequired: Bool
    package let about: String

    package static func required(_ name: String, _ schema: Schema, _ about: String = "") -> Self {
        Self(name: name, schema: schema, isRequired: true, about: about)
    }

    package static func optional(_ name: String, _ schema: Schema, _ about: String = "") -> Self {
        Self(name: name, schema: schema, isRequired: false, about: about)
    }
}
