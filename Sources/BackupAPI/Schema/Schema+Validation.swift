internal import BackupCore

/// A field that is not what it must be.
package struct FieldProblem: Sendable, Hashable, Codable {
    /// Its place: `retention.days`, `recipients[2]`; empty for the whole.
    package let field: String
    package let reason: String

    package init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }
}

extension Schema {
    /// Problems that are told at once, at most.
    static let mostProblems = 50

    /// What is wrong with `value`: nothing, if it is empty.
    package func problems(of value: JSONValue) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        check(value, at: "", &problems)
        return problems
    }

    fileprivate func check(_ value: JSONValue, at place: String, _ problems: inout [FieldProblem]) {
        guard problems.count < Self.mostProblems else { return }
        func refuse(_ reason: String) { problems.append(FieldProblem(field: place, reason: reason)) }
        switch (self, value) {
        case (.anything, _), (.flag, .flag), (.nullable, .null): break
        case (.nullable(let schema), _): schema.check(value, at: place, &problems)
        case (.text(let form, let length), .text(let text)):
            if let reason = Self.textProblem(text, form, length) { refuse(reason) }
        case (.choice(let choices), .text(let text)):
            if !choices.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
                refuse("it is none of \(choices.joined(separator: ", "))")
            }
        case (.integer(let range), .integer(let number)):
            if !range.contains(number) { refuse("it is not within \(range.lowerBound) and \(range.upperBound)") }
        case (.number(let range), .integer(let number)):
            if !range.contains(Double(number)) { refuse("it is not within \(range)") }
        case (.number(let range), .number(let number)):
            if !range.contains(number) { refuse("it is not within \(range)") }
        case (.list(let element, let count), .list(let values)):
            guard count.contains(values.count) else { return refuse("it has not \(Self.text(count)) elements") }
            for (index, value) in values.enumerated() { element.check(value, at: "\(place)[\(index)]", &problems) }
        case (.map(let element, let count), .object(let values)):
            guard count.contains(values.count) else { return refuse("it has not \(Self.text(count)) fields") }
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                element.check(value, at: Self.place(place, name), &problems)
            }
        case (.object(let object), .object(let values)): object.check(values, at: place, &problems)
        case (.variants(let objects), .object(let values)):
            guard case .text(let kind)? = values["kind"], let object = objects.first(where: { $0.kind == kind }) else {
                let kinds = objects.compactMap(\.kind).joined(separator: ", ")
                problems.append(
                    FieldProblem(field: Self.place(place, "kind"), reason: "it is none of \(kinds)"))
                return
            }
            object.check(values, at: place, &problems)
        default: refuse("it is not \(kind)")
        }
    }

    private static func textProblem(_ text: String, _ form: TextForm, _ length: ClosedRange<Int>) -> String? {
        if !length.contains(text.unicodeScalars.count) { return "it has not \(Self.text(length)) characters" }
        return form.matches(text) ? nil : "it has not the form of \(form.words)"
    }

    static func place(_ place: String, _ name: String) -> String {
        // A name that the caller chose, in an answer and a log: as long as any that we have, and visible.
        let name = VisibleText.of(String(String.UnicodeScalarView(name.unicodeScalars.prefix(64))))
        return place.isEmpty ? name : "\(place).\(name)"
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }

    private var kind: String {
        switch self {
        case .text, .choice: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .flag: "true or false"
        case .list: "a list"
        case .map, .object, .variants: "an object"
        case .nullable(let schema): "null or \(schema.kind)"
        case .anything: "JSON"
        }
    }
}

extension ObjectSchema {
    fileprivate func check(_ values: [String: JSONValue], at place: String, _ problems: inout [FieldProblem]) {
        for field in fields where field.isRequired && values[field.name] == nil {
            problems.append(FieldProblem(field: Schema.place(place, field.name), reason: "it is missing"))
        }
        for (name, value) in values.sorted(by: { $0.key < $1.key }).prefix(Schema.mostProblems) {
            if let field = fields.first(where: { $0.name == name }) {
                field.schema.check(value, at: Schema.place(place, name), &problems)
            } else {
                problems.append(FieldProblem(field: Schema.place(place, name), reason: "there is no such field"))
            }
        }
    }
}

extension TextForm {
    var words: String {
        switch self {
        case .line: "a line without control characters"
        case .lines: "text without control characters"
        case .opaque: "text without zero bytes"
        case .id: "an id"
        case .email: "an e-mail address"
        case .time: "a time (RFC 3339)"
        case .clockTime: "a time of the day, 00:00 to 23:59"
        case .code: "six digits"
        case .token: "a token"
        case .webAddress: "an http or https address"
        case .httpAddress: "an address like http://host/path"
        case .httpsAddress: "an address like https://host/path"
        case .hostPort: "host:port"
        case .host: "a host"
        case .chat: "a chat's number, or @name"
        case .botToken: "a bot's token"
        case .slug: "lower-case words with '-' between them"
        case .hex: "hex digits"
        case .cron: "a schedule: five fields, or @daily and the like"
        case .cursor, .numberCursor: "a cursor of ours"
        case .topics: "topics: jobs, agents, restores, incidents"
        case .secretReference: "env:NAME, file:PATH or container-env:NAME"
        }
    }
}
