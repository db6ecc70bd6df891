/// What a server has, as a file for `backupy apply`. Secrets are references that still have to be filled.
struct ExportText: Encodable {
    private let inventory: Inventory

    init(_ inventory: Inventory) { self.inventory = inventory }

    var lines: [String] {
        ResourceKind.all.flatMap { kind -> [String] in
            let things = inventory.all(kind.name).filter(\.isDeclarable)
            guard !things.isEmpty else { return [] }
            return ["\(kind.section):"] + things.flatMap(lines(of:)) + [""]
        }
        .dropLast()
    }

    private func lines(of thing: ExistingThing) -> [String] {
        var lines = ["  - name: \(Self.quoted(thing.name))"]
        if let agent = thing.agent { lines.append("    agent: \(Self.quoted(agent))") }
        var object = ""
        for field in thing.kind.fields {
            guard let value = text(field, of: thing) else { continue }
            let parts = field.name.split(separator: ".").map(String.init)
            if parts.count == 2, parts[0] != object { lines.append("    \(parts[0]):") }
            object = parts.count == 2 ? parts[0] : ""
            lines.append((parts.count == 2 ? "      " : "    ") + "\(parts[parts.count - 1]): \(value)")
        }
        return lines
    }

    /// nil for what is not set.
    private func text(_ field: ResourceField, of thing: ExistingThing) -> String? {
        let value = thing.value(field)
        switch (field.form, value) {
        case (.secret, _):
            guard thing.document[field.presence]?.bool == true else { return nil }
            return "${\(Self.variable(thing.key.path, field.name))}"
        case (_, .null), (_, .string("")), (_, .array([])): return nil
        case (.reference, .string(let id)): return Self.quoted(inventory.name(of: id) ?? id)
        case (_, .array(let values)): return "[" + values.map(Self.scalar).joined(separator: ", ") + "]"
        default: return Self.scalar(value)
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .bool(let value): value ? "true" : "false"
        case .string(let text): quoted(text)
        default: value.shown
        }
    }

    /// As JSON has it, which is YAML, too; plain where nothing can be misread.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.first?.isLetter == true
            && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
        guard !isPlain else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// `WEB_1_SHOP_PASSWORD`
    private static func variable(_ path: String, _ field: String) -> String {
        String("\(path)_\(field)".uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private enum CodingKeys: CodingKey { case yaml }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(lines.joined(separator: "\n") + "\n", forKey: .yaml)
    }
}
