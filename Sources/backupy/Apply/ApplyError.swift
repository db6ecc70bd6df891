internal import BackupCore

/// What is wrong with a file for `backupy apply`, or in the way of it.
enum ApplyError: BackupError, Equatable {
    case notYAML(String, line: Int, reason: String)
    case unknownField(String, line: Int, field: String, known: [String])
    case wrongValue(String, line: Int, field: String, reason: String)
    case fixedValue(String, line: Int, field: String, old: String)
    case missingField(String, line: Int, field: String)
    case repeatedName(String, line: Int, thing: String)
    case unknownName(String, line: Int, field: String, name: String)
    case secretInFile(String, line: Int, field: String)
    case secretMissing(String, line: Int, field: String, reference: String)
    case notConfirmed
    case stopped(done: Int, of: Int, at: String, because: any BackupError)

    static func == (a: Self, b: Self) -> Bool { a.description == b.description }

    var code: String {
        switch self {
        case .notYAML: "apply.not_yaml"
        case .unknownField: "apply.unknown_field"
        case .wrongValue: "apply.wrong_value"
        case .fixedValue: "apply.fixed_value"
        case .missingField: "apply.missing_field"
        case .repeatedName: "apply.repeated_name"
        case .unknownName: "apply.unknown_name"
        case .secretInFile: "apply.secret_in_file"
        case .secretMissing: "apply.secret_missing"
        case .notConfirmed: "apply.not_confirmed"
        case .stopped: "apply.stopped"
        }
    }

    var message: String {
        switch self {
        case .notYAML(let file, let line, let reason): "\(file), line \(line): this is no YAML: \(reason)"
        case .unknownField(let file, let line, let field, _): "\(file), line \(line): there is no field '\(field)' here"
        case .wrongValue(let file, let line, let field, let reason): "\(file), line \(line): '\(field)' \(reason)"
        case .fixedValue(let file, let line, let field, let old):
            "\(file), line \(line): '\(field)' can't be changed; the server has '\(old)'"
        case .missingField(let file, let line, let field): "\(file), line \(line): '\(field)' is missing"
        case .repeatedName(let file, let line, let thing): "\(file), line \(line): \(thing) stands in this file twice"
        case .unknownName(let file, let line, let field, let name):
            "\(file), line \(line): '\(field)': neither this file nor the server has '\(name)'"
        case .secretInFile(let file, let line, let field): "\(file), line \(line): '\(field)' is a secret, in clear"
        case .secretMissing(let file, let line, let field, let reference):
            "\(file), line \(line): '\(field)': there is nothing in \(reference)"
        case .notConfirmed: "nothing was changed"
        case .stopped(let done, let count, let thing, let error):
            "\(done) of \(count) changes were made; the next, \(thing), failed: \(error.message)"
        }
    }

    var hint: String {
        switch self {
        case .notYAML: "correct that line; what begins with @ or * needs quotes"
        case .unknownField(_, _, _, let known): "these are known: \(known.joined(separator: ", "))"
        case .wrongValue, .missingField, .repeatedName: "correct that line; docs/operate/server-cli.md has an example"
        case .fixedValue: "give the new one another name"
        case .unknownName: "check the name, or add it to the file"
        case .secretInFile: "write it as ${NAME} for an environment variable, or file:PATH"
        case .secretMissing: "set the variable, or make the file, where you run 'backupy apply'"
        case .notConfirmed: "answer y, or give --yes"
        case .stopped(_, _, _, let error): "\(error.hint); then apply the file again: what is done is not done twice"
        }
    }

    var recovery: Recovery { if case .stopped(_, _, _, let error) = self { error.recovery } else { .userAction } }
    var cause: (any Error)? { if case .stopped(_, _, _, let error) = self { error } else { nil } }
}
