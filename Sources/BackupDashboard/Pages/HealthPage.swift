internal import BackupControl

/// Health checks and their uptime.
package enum HealthPage {
    package static func html(_ model: HealthModel, query: ListQuery, _ context: PageContext) -> HTML {
        let t = context.phrases
        let opener: HTML =
            context.mayOperate && !model.agents.isEmpty
            ? "<button type=\"button\" class=\"button primary\" data-opens=\"add-check\" aria-haspopup=\"dialog\">\(Icon.plus)<span>\(t.addCheck)</span></button>"
            : ""
        let table = ListTable(
            caption: t.healthChecks, columns: columns(model, context), query: query,
            paging: .store(next: model.next),
            empty: context.empty(t.noChecks, t.noChecksNext, action: opener))
        return Layout.page(
            t.healthChecks, .health, context, lead: "<p class=\"lead\">\(t.healthLead)</p>",
            actions: periods(model.period, query, t) + opener,
            """
            \(model.checks.isEmpty && !query.isFiltered ? HTML() : FilterBar(query: query).html(context))
            <section class="panel list" id="checks" data-live="" aria-label="\(t.healthChecks)">\(table.html(model.checks, context))</section>
            \(opener.isEmpty ? HTML() : form(model, context))
            """)
    }

    static func state(_ state: HealthCheckRecord.State, _ t: any Phrases) -> HTML {
        switch state {
        case .up: Tone.good.badge(t.up)
        case .down: Tone.bad.badge(t.down)
        case .unknown: Tone.neutral.badge(t.unknown)
        }
    }

    private static func columns(_ model: HealthModel, _ context: PageContext) -> [Column<HealthRow>] {
        let t = context.phrases
        var columns: [Column<HealthRow>] = [
            Column(id: "state", title: t.statusTitle, order: { $0.state.rawValue < $1.state.rawValue }) { row in
                "\(state(row.state, t))<span class=\"sub\">\(context.ago(row.stateSince))</span>"
            },
            Column(id: "name", title: t.name, order: { $0.name < $1.name }) { row in
                "<strong>\(row.name)</strong><span class=\"sub\">\(row.kind) · \(row.target)</span>"
            },
            Column(id: "agent", title: t.agent, order: { $0.agentName < $1.agentName }) { HTML(text: $0.agentName) },
            Column(id: "strip", title: t.uptimeIn(model.period)) {
                UptimeStrip(cells: $0.strip).html($0.name, $0.uptime, context)
            },
            Column(id: "uptime", title: t.uptime, isNumeric: true) {
                HTML(text: $0.uptime.map { context.quantities.percent($0) } ?? "—")
            },
            Column(id: "latency", title: t.latency, isNumeric: true) {
                HTML(text: $0.latencyMs.map { context.quantities.duration(Double($0) / 1000) } ?? "—")
            },
        ]
        if context.mayOperate { columns.append(Column(id: "do", title: t.actions) { actions($0, t) }) }
        return columns
    }

    private static func actions(_ row: HealthRow, _ t: any Phrases) -> HTML {
        Removal(
            kind: "check", id: row.id, name: row.name, path: "health-checks",
            consequence: t.deleteCheckConsequence(row.name)
        ).html(t)
    }

    private static func periods(_ current: String, _ query: ListQuery, _ t: any Phrases) -> HTML {
        let links = ["24h", "7d", "30d", "90d"].html { period in
            "<a class=\"button small\" href=\"\(Link.to(query.path, [("period", period)]))\"\(" aria-current=\"true\"", if: period == current)>\(t.period(period))</a>"
        }
        return "<div class=\"segments\" role=\"group\" aria-label=\"\(t.periodTitle)\">\(links)</div>"
    }

    private static func form(_ model: HealthModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        return """
            <dialog id="add-check" aria-labelledby="add-check-title"><form method="post" data-api="POST /v1/health-checks" data-conflict="\(t.nameTaken)" class="stack">
            <h2 id="add-check-title">\(t.addCheck)</h2>
            \(Field.text("name", t.name, isRequired: true, scope: "h"))
            \(Field.select("agent_id", t.agent, model.agents.map { (value: $0.id, title: $0.name) }, scope: "h"))\(model.hasMoreAgents ? "<p class=\"hint\">\(t.listIsCut)</p>" : HTML())
            \(Field.select("kind", t.kind, ["https", "http", "tcp"].map { (value: $0, title: $0) }, scope: "h"))
            \(Field.text("target", t.address, isRequired: true, hint: t.checkAddressHint, scope: "h"))
            \(Field.text("interval_s", t.everySeconds, value: "60", type: "number", kind: .number, scope: "h"))
            \(Field.check("is_public", t.showOnStatusPage, isOn: false))
            <p class="form-error" role="alert"></p>
            <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button><button class="button primary">\(t.create)</button></div>
            </form></dialog>
            """
    }
}
