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
                "<strong>\(row.name)</strong>\(row.isEnabled ? HTML() : Tone.neutral.badge(t.paused))<span class=\"sub\">\(t.channelKind(row.kind))</span>"
            },
            Column(id: "place", title: t.place) { HTML(text: $0.place) },
            Column(id: "last", title: t.lastSent) { row in
                row.lastError.isEmpty ? context.ago(row.lastSentAt) : "<span class=\"why\">\(row.lastError)</span>"
            },
            Column(id: "do", title: t.actions) { row in
                context.mayAdminister
                    ? "<form data-api=\"POST \(Link.api("notification-channels", row.id, "/test"))\" data-says=\"\(t.messageSent)\"><button class=\"button small\" aria-label=\"\(t.testNamed(row.name))\">\(t.test)</button></form>"
                    : HTML()
            },
        ]
        let table = ListTable(
            caption: t.channels, columns: columns, query: query, paging: .whole { "\($0.name) \($0.place)" },
            empty: context.empty(t.noChannels, t.noChannelsNext, action: opener))
        let choices = model.preferences.html { Field.check($0.kind, t.newsKind($0.kind), isOn: $0.isOn) }
        return Layout.page(
            t.notifications, .notifications, context, lead: "<p class=\"lead\">\(t.notificationsLead)</p>",
            actions: opener,
            """
            <section class="panel list" id="channels" data-live="" aria-label="\(t.channels)">\(table.html(model.channels, context))</section>
            \(context.panel(t.whatIsTold, id: "preferences", "<form data-api=\"PATCH /v1/notification-preferences\" data-says=\"\(t.saved)\" class=\"stack\"><fieldset class=\"choices\"><legend class=\"unseen\">\(t.whatIsTold)</legend>\(choices)</fieldset><p class=\"form-error\" role=\"alert\"></p><div class=\"actions\"><button class=\"button\">\(t.save)</button></div></form>"))
            \(context.mayAdminister ? form(context) : HTML())
            """)
    }

    private static func form(_ context: PageContext) -> HTML {
        let t = context.phrases
        let kinds = ["email", "telegram", "slack", "discord", "webhook"].map { (value: $0, title: t.channelKind($0)) }
        return """
            <dialog id="add-channel" aria-labelledby="add-channel-title"><form data-api="POST /v1/notification-channels" class="stack">
            <h2 id="add-channel-title">\(t.addChannel)</h2>
            \(Field.text("name", t.name, isRequired: true, scope: "n"))
            \(Field.select("kind", t.kind, kinds, scope: "n"))
            \(Field.text("address", t.channelAddress, isRequired: true, hint: t.channelAddressHint, scope: "n"))
            \(Field.text("secret", t.channelSecret, type: "password", hint: t.channelSecretHint, completes: "new-password", scope: "n"))
            <p class="form-error" role="alert"></p>
            <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button><button class="button primary">\(t.create)</button></div>
            </form></dialog>
            """
    }
}
