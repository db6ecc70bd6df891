internal import BackupControl

/// The page that the public sees, and the page on which it is set.
package enum StatusPages {
    package static func published(_ model: StatusPageModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let isDown = model.checks.contains { $0.state == .down }
        let open = model.incidents.filter { $0.resolvedAt == nil }
        let verdict: HTML =
            isDown || !open.isEmpty
            ? "<p class=\"callout bad verdict\"><strong>\(t.someDown)</strong></p>"
            : "<p class=\"callout good verdict\"><strong>\(t.allUp)</strong></p>"
        let checks = model.checks.html { check in
            """
            <li class="component"><div class="component-head"><strong>\(check.name)</strong>\(HealthPage.state(check.state, t))</div>\
            \(UptimeStrip(cells: check.strip).html(check.name, check.uptime, context))\
            <p class="range"><span>\(t.daysAgo(90))</span><span>\(check.uptime.map { context.quantities.percent($0) } ?? "—")</span><span>\(t.today)</span></p></li>
            """
        }
        let past: HTML =
            model.incidents.isEmpty
            ? "<p class=\"muted\">\(t.noIncidents)</p>"
            : "<ul class=\"incidents\" role=\"list\">\(model.incidents.html { incident($0, context) })</ul>"
        return Layout.plain(
            model.title, context, isNarrow: false,
            """
            \(verdict)
            <section class="panel" aria-label="\(t.components)"><ul class="components" role="list">\(checks)</ul></section>
            <section aria-labelledby="past"><h2 id="past">\(t.incidents)</h2>\(past)</section>
            <p class="muted">\(t.updated) \(context.at(context.now)) · <a href="\(Link.api("public/status", model.slug, "/rss"))">RSS</a></p>
            """)
    }

    package static func settings(_ model: StatusPageModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let visible = model.checks.filter(\.isPublic)
        let list: HTML =
            visible.isEmpty
            ? context.empty(
                t.nothingPublic, t.nothingPublicNext,
                action: "<a class=\"button\" href=\"/health\">\(t.healthChecks)</a>")
            : "<ul class=\"rows\" role=\"list\">\(visible.html { "<li><strong>\($0.name)</strong>\(HealthPage.state($0.state, t))</li>" })</ul>"
        let form: HTML = """
            <form data-api="PATCH /v1/status-page" data-says="\(t.saved)" class="stack">
            \(Field.text("title", t.pageTitle, value: model.title, isRequired: true))
            \(Field.text("slug", t.slug, value: model.slug, isRequired: true, hint: t.slugHint))
            \(Field.check("enabled", t.published, isOn: model.isEnabled))
            <p class="form-error" role="alert"></p><div class="actions"><button class="button primary">\(t.save)</button></div></form>
            """
        let report: HTML = """
            <form data-api="POST /v1/status-page/incidents" class="stack">
            \(Field.text("title", t.incidentTitle, isRequired: true, scope: "i"))\(Field.area("body", t.whatHappens, kind: .text))
            <p class="form-error" role="alert"></p><div class="actions"><button class="button">\(t.publishIncident)</button></div></form>
            """
        let incidents: HTML =
            model.incidents.isEmpty
            ? "<p class=\"muted\">\(t.noIncidents)</p>"
            : "<ul class=\"incidents\" role=\"list\">\(model.incidents.html { incident($0, context) })</ul>"
        return Layout.page(
            t.statusPage, .statusPage, context, lead: "<p class=\"lead\">\(t.statusPageLead)</p>",
            actions: model.isEnabled
                ? "<a class=\"button\" href=\"\(Link.status(model.slug))\">\(t.openPage)</a>" : HTML(),
            """
            <div class="columns">
            \(context.mayAdminister ? context.panel(t.pageSettings, id: "page", form) : HTML())
            \(context.panel(t.components, id: "components", list))
            \(context.mayOperate ? context.panel(t.reportIncident, id: "report", report) : HTML())
            \(context.panel(t.incidents, id: "incidents", incidents))
            </div>
            """)
    }

    private static func incident(_ incident: Incident, _ context: PageContext) -> HTML {
        let t = context.phrases
        let state = incident.resolvedAt == nil ? Tone.warning.badge(incident.status) : Tone.good.badge(t.resolved)
        return """
            <li><p><strong>\(incident.title)</strong> \(state)</p><p>\(incident.body)</p><p class="muted">\(context.at(incident.startedAt))</p></li>
            """
    }
}
