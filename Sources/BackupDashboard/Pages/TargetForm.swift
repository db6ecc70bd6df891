/// A database that no agent has found by itself.
struct TargetForm {
    private static let engines = [
        ("postgresql", "PostgreSQL"), ("mysql", "MySQL"), ("mariadb", "MariaDB"), ("mongodb", "MongoDB"),
        ("redis", "Redis"), ("sqlite", "SQLite"),
    ]

    let agentID: String
    let context: PageContext

    var opener: HTML {
        "<button type=\"button\" class=\"button small\" data-opens=\"add-target\" aria-haspopup=\"dialog\">\(Icon.plus)<span>\(context.phrases.addTarget)</span></button>"
    }

    var html: HTML {
        let t = context.phrases
        let engines = Self.engines.map { (value: $0.0, title: $0.1) }
        return """
            <dialog id="add-target" aria-labelledby="add-target-title"><form method="post" data-api="POST \(Link.api("agents", agentID, "/targets"))" data-conflict="\(t.nameTaken)" class="stack">
            <h2 id="add-target-title">\(t.addTarget)</h2>
            \(Field.text("name", t.name, isRequired: true, hint: t.targetNameHint, scope: "d"))
            \(Field.select("engine", t.engine, engines, scope: "d"))
            <div class="pair">\(Field.text("host", t.address, hint: t.targetHostHint, scope: "d"))\(Field.text("port", t.port, type: "number", kind: .number, hint: t.portHint, scope: "d"))</div>
            \(Field.text("database", t.database, hint: t.targetDatabaseHint, scope: "d"))
            <div class="pair">\(Field.text("username", t.username, scope: "d"))\(Field.text("password", t.password, type: "password", completes: "new-password", scope: "d"))</div>
            <p class="form-error" role="alert"></p>
            <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button><button class="button primary">\(t.create)</button></div>
            </form></dialog>
            """
    }
}
