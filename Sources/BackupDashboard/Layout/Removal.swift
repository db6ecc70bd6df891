/// The button in a row that takes its thing away, and the question before it.
struct Removal {
    /// Names the dialog, with the id.
    let kind: String
    let id: String
    let name: String
    /// The collection of the API: `health-checks`.
    let path: String
    /// Exactly what will happen.
    let consequence: String
    /// Why it may have to stay, where something still needs it.
    var conflict = ""

    func html(_ t: any Phrases) -> HTML {
        let dialog = Dialog(
            id: "delete-\(kind)-\(id)", title: t.deleteNamed(name), content: "<p>\(consequence)</p>",
            request: "DELETE \(Link.api(path, id))", conflict: conflict, typedName: name, action: t.delete,
            isDangerous: true)
        return """
            <button type="button" class="button small quiet danger-text" data-opens="\(dialog.id)" aria-haspopup="dialog" aria-label="\(t.deleteNamed(name))">\(t.delete)</button>\
            \(dialog.html(t))
            """
    }
}
