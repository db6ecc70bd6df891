/// The pages before there is a session.
package enum EntryPages {
    package static func login(_ context: PageContext, then: String = "/") -> HTML {
        let t = context.phrases
        return Layout.plain(
            t.signIn, context,
            """
            <form data-api="POST /v1/auth/login" data-then="\(then)" data-second="second" class="stack panel">
            \(Field.text("email", t.email, type: "email", isRequired: true, completes: "username"))
            \(Field.text("password", t.password, type: "password", isRequired: true, completes: "current-password"))
            \(Field.hidden("use_cookie", "true", kind: .flag))
            <div id="second" hidden="">\(Field.text("code", t.secondFactorCode, completes: "one-time-code"))</div>
            <p class="form-error" role="alert"></p>
            <button class="button primary block">\(t.signIn)</button>
            </form>
            """)
    }

    /// - Parameter token: of the one-time link that the first start printed.
    package static func setup(token: String, _ context: PageContext) -> HTML {
        let t = context.phrases
        return Layout.plain(
            t.setUp, context,
            """
            <p class="lead">\(t.setUpLead)</p>
            <form data-api="POST /v1/auth/setup" data-then="/" class="stack panel">
            \(Field.hidden("token", token))
            \(Field.text("name", t.yourName, isRequired: true, completes: "name"))
            \(Field.text("email", t.email, type: "email", isRequired: true, completes: "username"))
            \(Field.text("password", t.password, type: "password", isRequired: true, hint: t.passwordHint, completes: "new-password"))
            <p class="form-error" role="alert"></p>
            <button class="button primary block">\(t.createOwner)</button>
            </form>
            """)
    }

    /// What can't be shown, and the way on.
    package static func problem(_ title: String, _ text: String, _ context: PageContext) -> HTML {
        Layout.plain(
            title, context,
            "<p class=\"lead\">\(text)</p><p><a class=\"button primary\" href=\"/\">\(context.phrases.toOverview)</a></p>"
        )
    }

    package static func notFound(_ context: PageContext) -> HTML {
        problem(context.phrases.notFound, context.phrases.notFoundText, context)
    }
}
