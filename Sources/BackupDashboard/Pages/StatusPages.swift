internal import BackupControl

/// The page that the public sees, and the page on which it is set.
package enum StatusPages {
    package static func published(_ model: StatusPageModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let verdict: HTML =
            if model.isSomeDown {
                "<p class=\"callout bad verdict\"><strong>\(t.someDown)</strong></p>"
            } else if model.isAllUp {
                "<p class=\"callout good verdict\"><strong>\(t.allUp)</strong></p>"
            } else {
                "<p class=\"callout verdict\"><strong>\(t.someUnknown)</strong></p>"
            }
        let checks = model.checks.html { check in
            """
            <li class="component"><div class="component-head"><strong>\(check.name)</strong>\(HealthPage.state(check.state, t))</div>\
            \(UptimeStrip(cells: check.strip).html(check.name, check.uptime, context))\
            <p class="range"><span>\(t.daysAgo(90))</span><span>\(check.uptime.map { context.quantities.percent($0) } ?? "—")</span><span>\(t.today)</span></p></li>
            """
        }
        let targets = model.targets.html { target in
            """
            <li class="component"><div class="component-head"><strong>\(target.name)</strong>\(backups(target, context))</div>\
            <p class="muted">\(t.lastProven): \(context.ago(target.lastBackupAt))</p></li>
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
            <section class="panel" aria-label="\(t.components)"><ul class="components" role="list">\(checks)\(targets)</ul></section>
            <section class="panel" aria-labelledby="past"><h2 id="past">\(t.incidents)</h2>\(past)</section>
            <p class="muted">\(t.updated) \(context.at(context.now)) · <a href="\(Link.api("public/status", model.slug, "/rss"))">RSS</a></p>
            """)
    }

    package static func settings(_ model: StatusPageModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let form: HTML = """
            <form method="post" data-api="PATCH /v1/status-page" data-says="\(t.saved)" class="stack">
            \(Field.text("title", t.pageTitle, value: model.title, isRequired: true))
            \(Field.text("slug", t.slug, value: model.slug, isRequired: true, hint: t.slugHint))
            \(Field.check("is_enabled", t.published, isOn: model.isEnabled))
            <p class="form-error" role="alert"></p><div class="actions"><button class="button primary">\(t.save)</button></div></form>
            """
        let report: HTML = """
            <form method="post" data-api="POST /v1/status-page/incidents" class="stack">
            \(Field.text("title", t.incidentTitle, isRequired: true, scope: "i"))\(Field.area("body", t.whatHappens, kind: .text))
            <p class="form-error" role="alert"></p><div class="actions"><button class="button">\(t.publishIncident)</button></div></form>
            """
        let incidents: HTML =
            model.incidents.isEmpty
            ? "<p class=\"muted\">\(t.noIncidents)</p>"
            : "<ul class=\"incidents\" role=\"list\">\(model.incidents.html { incident($0, context) + resolving($0, context) })</ul>"
        return Layout.page(
            t.statusPage, .statusPage, context, lead: "<p class=\"lead\">\(t.statusPageLead)</p>",
            actions: model.isEnabled
                ? "<a class=\"button\" href=\"\(Link.status(model.slug))\">\(t.openPage)</a>" : HTML(),
            """
            <div class="columns">
            \(context.mayAdminister ? context.panel(t.pageSettings, id: "page", isLive: false, form) : HTML())
            \(context.panel(t.components, id: "components", isLive: !context.mayAdminister, components(model, context)))
            \(context.mayOperate ? context.panel(t.reportIncident, id: "report", isLive: false, report) : HTML())
            \(context.panel(t.incidents, id: "incidents", incidents))
            </div>
            """)
    }

    /// What is on the page, and to whoever may set it all that could be.
    private static func components(_ model: StatusPageModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let checks = model.checks.filter(\.isPublic)
        guard !checks.isEmpty || !model.targets.isEmpty else {
            return context.empty(
                t.nothingPublic, t.nothingPublicNext,
                action: "<a class=\"button\" href=\"/health\">\(t.healthChecks)</a>")
        }
        guard context.mayAdminister else {
            let shown = checks.filter { model.shown.contains($0.id) }.html {
                "<li><strong>\($0.name)</strong>\(HealthPage.state($0.state, t))</li>"
            }
            let targets = model.targets.filter { model.shown.contains($0.id) }.html {
                "<li><strong>\($0.name)</strong>\(backups($0, context))</li>"
            }
            return "<ul class=\"rows\" role=\"list\">\(shown)\(targets)</ul>"
        }
        return """
            <form method="post" data-api="PATCH /v1/status-page" data-says="\(t.saved)" class="stack">
            <fieldset class="choices"><legend>\(t.healthChecks)</legend>\(checks.html { Field.choice("check_ids", $0.id, $0.name, isOn: model.shown.contains($0.id)) })</fieldset>
            <fieldset class="choices"><legend>\(t.backupsInTime)</legend>\(model.targets.html { Field.choice("target_ids", $0.id, $0.name, isOn: model.shown.contains($0.id)) })</fieldset>
            \(model.hasMore ? "<p class=\"hint\">\(t.listIsCut)</p>" : HTML())
            <p class="form-error" role="alert"></p><div class="actions"><button class="button">\(t.save)</button></div></form>
            """
    }

    private static func backups(_ target: PublicTarget, _ context: PageContext) -> HTML {
        let t = context.phrases
        return switch target.state {
        case .protected: Tone.good.badge(t.protected)
        case .late: Tone.bad.badge(t.late)
        case .unknown: Tone.neutral.badge(t.unknown)
        }
    }

    private static func resolving(_ incident: Incident, _ context: PageContext) -> HTML {
        guard context.mayOperate, incident.resolvedAt == nil else { return HTML() }
        return """
            <li><form method="post" data-api="PATCH \(Link.api("incidents", incident.id))">\(Field.hidden("status", "resolved"))<p class="form-error" role="alert"></p>\
            <button class="button small" aria-label="\(context.phrases.resolveNamed(incident.title))">\(context.phrases.resolve)</button></form></li>
            """
    }

    private static func incident(_ incident: Incident, _ context: PageContext) -> HTML {
        let t = context.phrases
        let state =
            incident.resolvedAt == nil
            ? Tone.warning.badge(t.incidentStatus(incident.status)) : Tone.good.badge(t.resolved)
        return """
            <li><p><strong>\(incident.title)</strong> \(state)</p><p>\(incident.body)</p><p class="muted">\(context.at(incident.startedAt))</p></li>
            """
    }
}
