/// Who is told, and of what.
package enum NotificationsPage {
    package static func html(_ model: NotificationsModel, query: ListQuery, _ context: PageContext) -> HTML {
        let t = context.phrases
        let opener: HTML =
            context.mayAdminister
            ? "<button type=\"button\" class=\"button primary\" data-opens=\"add-channel\" aria-haspopup=\"dialog\">\(Icon.plus)<span>\(t.addChannel)</span></button>"
            : ""
        let columns: [Column<ChannelRow>] = [
            Column(id: "name", title: t.name, order: { $0.name < $1.name }) { row in
                "<span><strong>\(row.name)</strong> \(row.isEnabled ? HTML() : Tone.neutral.badge(t.paused))</span><span class=\"sub\">\(t.channelKind(row.kind))</span>"
            },
            Column(id: "place", title: t.place) { HTML(text: $0.place) },
            Column(id: "last", title: t.lastSent) { row in
                row.lastError.isEmpty ? context.ago(row.lastSentAt) : "<span class=\"why\">\(row.lastError)</span>"
            },
            Column(id: "do", title: t.actions) { context.mayAdminister ? actions($0, t) : HTML() },
        ]
        let table = ListTable(
            caption: t.channels, columns: columns, query: query, paging: .whole { "\($0.name) \($0.place)" },
            empty: context.empty(t.noChannels, t.noChannelsNext, action: opener))
        return Layout.page(
            t.notifications, .notifications, context, lead: "<p class=\"lead\">\(t.notificationsLead)</p>",
            actions: opener,
            """
            <section class="panel list" id="channels" data-live="" aria-label="\(t.channels)">\(table.html(model.channels, context))</section>
            \(context.panel(t.whatIsTold, id: "preferences", isLive: !context.mayAdminister, preferences(model, context)))
            \(context.mayAdminister ? form(context) : HTML())
            """)
    }

    private static func actions(_ row: ChannelRow, _ t: any Phrases) -> HTML {
        let removal = Removal(
            kind: "channel", id: row.id, name: row.name, path: "notification-channels",
            consequence: t.deleteChannelConsequence(row.name))
        return """
            <div class="row-actions"><form method="post" data-api="POST \(Link.api("notification-channels", row.id, "/test"))" data-says="\(t.messageSent)">\
            <button class="button small" aria-label="\(t.testNamed(row.name))">\(t.test)</button></form>\(removal.html(t))</div>
            """
    }

    private static func preferences(_ model: NotificationsModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        guard context.mayAdminister else {
            let items = model.preferences.html {
                "<li>\(t.newsKind($0.kind))\($0.isOn ? Tone.good.badge(t.on) : Tone.neutral.badge(t.off))</li>"
            }
            return "<ul class=\"rows\" role=\"list\">\(items)</ul>"
        }
        return """
            <form method="post" data-api="PATCH /v1/notification-preferences" data-says="\(t.saved)" class="stack">\
            <fieldset class="choices"><legend class="unseen">\(t.whatIsTold)</legend>\
            \(model.preferences.html { Field.check($0.kind, t.newsKind($0.kind), isOn: $0.isOn) })</fieldset>\
            <p class="form-error" role="alert"></p><div class="actions"><button class="button">\(t.save)</button></div></form>
            """
    }

    private static func email(_ t: any Phrases) -> HTML {
        let kinds = [("starttls", "STARTTLS"), ("tls", "TLS"), ("none", t.noTLS)].map { (value: $0.0, title: $0.1) }
        return """
            <div class="pair">\(Field.text("host", t.mailServer, isRequired: true, scope: "n"))\(Field.text("port", t.port, type: "number", kind: .number, scope: "n"))</div>
            \(Field.select("security", t.mailSecurity, kinds, scope: "n"))
            \(Field.text("from", t.mailFrom, type: "email", isRequired: true, scope: "n"))
            \(Field.area("to", t.mailTo, hint: t.onePerLine))
            <div class="pair">\(Field.text("username", t.username, scope: "n"))\(Field.text("secret", t.password, type: "password", completes: "new-password", scope: "n"))</div>
            """
    }

    private static func secret(_ label: String, _ scope: String, hint: String = "") -> HTML {
        Field.text(
            "secret", label, type: "password", isRequired: true, hint: hint, completes: "new-password", scope: scope)
    }

    private static func form(_ context: PageContext) -> HTML {
        let t = context.phrases
        let kinds = ["email", "telegram", "slack", "discord", "webhook"].map { (value: $0, title: t.channelKind($0)) }
        return """
            <dialog id="add-channel" aria-labelledby="add-channel-title"><form method="post" data-api="POST /v1/notification-channels" data-conflict="\(t.nameTaken)" class="stack">
            <h2 id="add-channel-title">\(t.addChannel)</h2>
            \(Field.text("name", t.name, isRequired: true, scope: "n"))
            \(Field.select("kind", t.kind, kinds, scope: "n"))
            \(Field.group("kind", "email", isFirst: true, email(t)))
            \(Field.group("kind", "telegram", isFirst: false, Field.text("chat", t.chat, isRequired: true, hint: t.chatHint, scope: "nt") + secret(t.botToken, "nt")))
            \(Field.group("kind", "slack", isFirst: false, secret(t.webhookAddress, "ns")))
            \(Field.group("kind", "discord", isFirst: false, secret(t.webhookAddress, "nd")))
            \(Field.group("kind", "webhook", isFirst: false, Field.text("url", t.webhookAddress, type: "url", isRequired: true, scope: "nw") + secret(t.channelSecret, "nw", hint: t.channelSecretHint)))
            <p class="form-error" role="alert"></p>
            <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button><button class="button primary">\(t.create)</button></div>
            </form></dialog>
            """
    }
}
