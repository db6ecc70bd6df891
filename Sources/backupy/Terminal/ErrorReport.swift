internal import BackupCore
internal import Glibc

/// An error as it is printed: for people, or as one JSON document.
struct ErrorReport {
    /// As JSON has it.
    struct Body: Encodable {
        let code: String
        let message: String
        let hint: String
        let recovery: Recovery

        init(_ error: any Error) {
            let error = error as? any BackupError ?? UnknownError(underlying: error)
            code = error.code
            message = error.message
            hint = error.hint
            recovery = error.recovery
        }
    }

    private struct Document: Encodable {
        let error: Body
    }

    private let error: any BackupError

    init(_ error: any BackupError) { self.error = error }

    /// Whether errors go to a machine: also those that the parser of arguments has.
    static var isJSON: Bool { CommandLine.arguments.contains("--json") }

    func print() { Console.printError(Self.isJSON ? json : text(coloured: Console.hasColour(STDERR_FILENO))) }

    func text(coloured: Bool) -> String {
        let heading = coloured ? "\u{1B}[1;31merror:\u{1B}[0m" : "error:"
        return "\(heading) \(VisibleText.of(error.message))\n  \(VisibleText.of(error.hint))"
    }

    var json: String {
        (try? Console.jsonText(Document(error: Body(error)))) ?? #"{"error":{"code":"\#(error.code)"}}"#
    }
}
