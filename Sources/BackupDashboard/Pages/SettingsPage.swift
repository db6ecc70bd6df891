/// One's own account, people, tokens, keys.
package enum SettingsPage {
    package static func html(_ model: SettingsModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        return Layout.page(
            t.settings, .settings, context,
            """
            <div class="columns">
            \(account(model, context))
            \(context.panel(t.server, id: "server", context.facts([(t.version, HTML(text: context.version)), (t.address, HTML(text: context.serverURL)), (t.masterKey, "<span class=\"id\">\(model.masterKeyID)</span>"), (t.apiDocument, "<a href=\"/v1/openapi.json\">OpenAPI 3.1</a>")]) + "<p class=\"callout warning\">\(t.masterKeyHint)</p>"))
            </div>
            \(context.mayAdminister ? people(model, context) : HTML())
            \(tokens(model, context))
            """)
    }

    private static func account(_ model: SettingsModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let second = model.hasSecondFactor ? disabling(t) : enabling(t)
        let form: HTML = """
            <form method="post" data-api="PATCH /v1/me" data-says="\(t.saved)" data-conflict="\(t.changedMeanwhile)" class="stack">
            \(Field.text("name", t.personName, value: context.viewer?.name ?? "", completes: "name", scope: "me"))
            \(Field.text("current_password", t.currentPassword, type: "password", completes: "current-password", scope: "me"))
            \(Field.text("password", t.newPassword, type: "password", hint: t.passwordHint, completes: "new-password", scope: "me"))
            <p class="form-error" role="alert"></p><div class="actions"><button class="button">\(t.save)</button></div></form>
            """
        return context.panel(t.account, id: "account", isLive: false, form + "<hr/>" + second)
    }

    private static func disabling(_ t: any Phrases) -> HTML {
        """
        <p>\(Tone.good.badge(t.on)) \(t.secondFactor)</p>
        <form method="post" data-api="POST /v1/me/2fa/disable" class="stack">\(proof("off", t))\
        \(Field.text("code", t.secondFactorCode, isRequired: true, completes: "one-time-code", scope: "off"))<p class="form-error" role="alert"></p>\
        <div class="actions"><button class="button">\(t.turnOff)</button></div></form>
        """
    }

    /// In two steps: the password gives the secret for the authenticator, and a code from it turns it on.
    private static func enabling(_ t: any Phrases) -> HTML {
        """
        <p>\(Tone.warning.badge(t.off)) \(t.secondFactor)</p><p class="muted">\(t.secondFactorWhy)</p>
        <form method="post" data-api="POST /v1/me/2fa/enable" data-shows="second-factor" class="stack">\(proof("on", t))\
        <p class="form-error" role="alert"></p><div class="actions"><button class="button">\(t.turnOn)</button></div></form>
        <div id="second-factor" hidden="" class="stack"><p>\(t.secondFactorSecret)</p><p><code data-fill="address"></code></p>
        <form method="post" data-api="POST /v1/me/2fa/enable" class="stack">\(proof("on2", t))\
        \(Field.text("code", t.secondFactorCode, isRequired: true, completes: "one-time-code", scope: "on2"))\
        <p class="form-error" role="alert"></p><div class="actions"><button class="button">\(t.turnOn)</button></div></form></div>
        """
    }

    private static func proof(_ scope: String, _ t: any Phrases) -> HTML {
        Field.text(
            "password", t.password, type: "password", isRequired: true, completes: "current-password", scope: scope)
    }

    private static func people(_ model: SettingsModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let invite = Dialog(
            id: "add-person", title: t.addPerson,
            content: """
                \(Field.text("name", t.personName, isRequired: true, scope: "p"))\(Field.text("email", t.email, type: "email", isRequired: true, scope: "p"))\
                \(roles("p", t))\(Field.text("password", t.password, type: "password", isRequired: true, hint: t.passwordHint, completes: "new-password", scope: "p"))
                """,
            request: "POST /v1/users", conflict: t.emailTaken, action: t.create)
        let columns: [Column<SettingsModel.Person>] = [
            Column(id: "name", title: t.personName) {
                "<strong>\($0.name)</strong><span class=\"sub\">\($0.email)</span>"
            },
            Column(id: "role", title: t.roleTitle) { HTML(text: t.role($0.role)) },
            Column(id: "2fa", title: t.secondFactor) {
                ($0.hasSecondFactor ? Tone.good : Tone.neutral).badge($0.hasSecondFactor ? t.on : t.off)
            },
            Column(id: "state", title: t.statusTitle) {
                ($0.isDisabled ? Tone.neutral : Tone.good).badge($0.isDisabled ? t.disabled : t.active)
            },
            // Nobody shuts himself out.
            Column(id: "do", title: t.actions) { $0.email == context.viewer?.email ? HTML() : actions($0, t) },
        ]
        let table = ListTable(
            caption: t.people, columns: columns, query: ListQuery(path: "/settings"), paging: .store(next: nil),
            empty: HTML()
        ).html(model.people, context)
        return context.panel(
            t.people, id: "people", aside: context.mayAdminister ? invite.opener(t.addPerson, "button small") : HTML(),
            isWide: true, table + (context.mayAdminister ? invite.html(t) : HTML()))
    }

    private static func actions(_ person: SettingsModel.Person, _ t: any Phrases) -> HTML {
        let removal = Removal(
            kind: "person", id: person.id, name: person.email, path: "users",
            consequence: t.deletePersonConsequence(person.email), conflict: t.oneOwnerStays)
        return """
            <div class="row-actions"><form method="post" data-api="PATCH \(Link.api("users", person.id))" data-conflict="\(t.oneOwnerStays)">\
            \(Field.hidden("is_disabled", person.isDisabled ? "false" : "true", kind: .flag))\
            <button class="button small" aria-label="\(person.isDisabled ? t.enableNamed(person.name) : t.disableNamed(person.name))">\
            \(person.isDisabled ? t.turnOn : t.turnOff)</button></form>\(removal.html(t))</div>
            """
    }

    private static func tokens(_ model: SettingsModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let columns: [Column<SettingsModel.Token>] = [
            Column(id: "name", title: t.name) { "<strong>\($0.name)</strong>" },
            Column(id: "role", title: t.roleTitle) { HTML(text: t.role($0.role)) },
            Column(id: "made", title: t.created) { context.ago($0.createdAt) },
            Column(id: "used", title: t.lastUsed) { context.ago($0.lastUsedAt) },
            Column(id: "do", title: t.actions) { token in
                "<form method=\"post\" data-api=\"DELETE \(Link.api("api-tokens", token.id))\"><button class=\"button small danger-text\" aria-label=\"\(t.revokeNamed(token.name))\">\(t.revoke)</button></form>"
            },
        ]
        let table = ListTable(
            caption: t.apiTokens, columns: columns, query: ListQuery(path: "/settings"), paging: .store(next: nil),
            empty: context.empty(t.noTokens, t.noTokensNext)
        ).html(model.tokens, context)
        let form: HTML = """
            <form method="post" data-api="POST /v1/api-tokens" data-shows="token" class="inline">\(Field.text("name", t.tokenName, isRequired: true, scope: "t"))\(roles("t", t))<button class="button">\(t.createToken)</button></form>
            <div id="token" hidden=""><p class="callout warning">\(t.tokenOnce)</p>\(context.snippet("<span data-fill=\"token\">…</span>", id: "token-text", isShort: true))</div>
            """
        return context.panel(
            t.apiTokens, id: "tokens", isWide: true, isLive: false,
            "<div id=\"token-list\" data-live=\"\">\(table)</div>\(form)")
    }

    private static func roles(_ scope: String, _ t: any Phrases) -> HTML {
        let all = PageContext.Role.allCases.reversed().map { (value: $0.rawValue, title: t.role($0)) }
        return Field.select("role", t.roleTitle, all, scope: scope)
    }
}
