/// What the API's codes of errors mean, in the reader's language, as attributes of the page: `data-refusal-not-found`. The API's own
/// texts are English; where it knows more than its code says, an English page shows that.
enum Refusals {
    static func html(_ t: any Phrases) -> HTML {
        let words = [
            ("VALIDATION_ERROR", t.checkFields), ("PERMISSION_DENIED", t.forbiddenAct), ("AUTH_FAILED", t.signedOut),
            ("RATE_LIMITED", t.tooManyText), ("CONFLICT", t.conflict), ("PRECONDITION_FAILED", t.preconditionFailed),
            ("RESOURCE_NOT_FOUND", t.gone), ("INTERNAL", t.requestFailed), ("SERVICE_UNAVAILABLE", t.serverBusy),
        ]
        return words.html { code, words in
            let name: HTML = HTML(text: code.lowercased().replacing("_", with: "-"))
            return " data-refusal-\(name)=\"\(words)\""
        }
    }
}
