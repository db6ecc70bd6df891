/// A modal question, and the button that opens it.
struct Dialog {
    let id: String
    let title: String
    /// What will happen.
    let content: HTML
    let request: String
    /// Where to go afterwards; empty for the same page again. `{id}` is that of the answer.
    var then = ""
    /// The element that shows the answer, which comes this once; empty for none.
    var shows = ""
    /// What a refusal because of a conflict means here; empty for the common words.
    var conflict = ""
    /// What must be typed before the act is possible; nil where it harms nothing.
    var typedName: String?
    /// Under which name the API is sent it, too; empty where it takes none.
    var typedField: HTML = ""
    let action: String
    var isDangerous = false

    func opener(_ label: String, _ style: HTML = "button") -> HTML {
        """
        <button type="button" class="\(style)" data-opens="\(id)" aria-haspopup="dialog">\(label)</button>
        """
    }

    func html(_ t: any Phrases) -> HTML {
        """
        <dialog id="\(id)" aria-labelledby="\(id)-title">
        <form method="post" data-api="\(request)" \("data-shows=\"\(shows)\"" as HTML, if: !shows.isEmpty)\("data-then=\"\(then)\"" as HTML, if: shows.isEmpty)\(" data-conflict=\"\(conflict)\"" as HTML, if: !conflict.isEmpty) class="stack"\(confirming)>
        <h2 id="\(id)-title">\(title)</h2>
        \(content)
        \(typedName.map { name in question(name, t) })
        <p class="form-error" role="alert"></p>
        <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button>\
        <button class="button \(isDangerous ? "danger" as HTML : "primary" as HTML)"\(" disabled=\"\"", if: typedName != nil)>\(action)</button></div>
        </form></dialog>
        """
    }

    private var confirming: HTML { typedName.map { " data-confirm=\"\($0)\"" } ?? HTML() }

    private func question(_ name: String, _ t: any Phrases) -> HTML {
        """
        <div class="field"><label for="\(id)-name">\(t.typeName) <code data-typed="">\(name)</code></label>\
        <input id="\(id)-name"\(" name=\"\(typedField)\" data-kind=\"text\"" as HTML, if: !typedField.isEmpty) data-confirms="" autocomplete="off" spellcheck="false"/></div>
        """
    }
}
