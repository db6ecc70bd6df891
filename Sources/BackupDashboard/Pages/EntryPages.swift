/// The pages before there is a session.
package enum EntryPages {
    package static func login(_ context: PageContext, then: String = "/") -> HTML {
        let t = context.phrases
        return Layout.plain(
            t.signIn, context,
            """
            <form method="post" data-api="POST /v1/auth/login" data-then="\(then)" data-second="second" data-refused="\(t.loginRefused)" class="stack panel">
            \(Field.text("email", t.email, type: "email", isRequired: true, completes: "username"))
            \(Field.text("password", t.password, type: "password", isRequired: true, completes: "current-password"))
            \(Field.hidden("use_cookie", "true", kind: .flag))
            <div id="second" hidden="">\(Field.text("code", t.secondFactorCode, completes: "one-time-code"))</div>
            <p class="form-error" role="alert"></p>
            <button class="button primary block">\(t.signIn)</button>
            </form>
            """)
    }

    /// The token is behind the `#` of the link that the first start printed: it is sent to nobody, and JavaScript puts it into its field.
    package static func setup(_ context: PageContext) -> HTML {
        let t = context.phrases
        return Layout.plain(
            t.setUp, context,
            """
            <p class="lead">\(t.setUpLead)</p>
            <form method="post" data-api="POST /v1/auth/setup" data-after="POST /v1/auth/login" data-takes="email password use_cookie" data-refused="\(t.setUpRefused)" data-then="/" class="stack panel">
            <div data-fragment="token">\(Field.text("token", t.setUpToken, isRequired: true, hint: t.setUpTokenHint))</div>
            <input type="hidden" name="use_cookie" value="true" data-kind="flag" data-later=""/>
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

    /// A link of another site brings no cookie of this one: asked for once more by a page of its own, it does.
    /// - Parameter path: one of our own.
    package static func onceMore(_ path: String, _ context: PageContext) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="\(context.language.rawValue)">
        <head><meta charset="utf-8"/><meta http-equiv="refresh" content="0; url=\(path)"/><title>Backupy</title></head>
        <body><p><a href="\(path)">\(context.phrases.toOverview)</a></p></body>
        </html>

        """
    }

    package static func forbidden(_ context: PageContext) -> HTML {
        problem(context.phrases.forbidden, context.phrases.forbiddenText, context)
    }

    package static func tooMany(_ context: PageContext) -> HTML {
        problem(context.phrases.tooMany, context.phrases.tooManyText, context)
    }

    /// - Parameter traceID: leads to it in the log.
    package static func failed(_ traceID: String, _ context: PageContext) -> HTML {
        problem(context.phrases.requestFailed, context.phrases.failedText(traceID), context)
    }

    package static func notFound(_ context: PageContext) -> HTML {
        problem(context.phrases.notFound, context.phrases.notFoundText, context)
    }
}
