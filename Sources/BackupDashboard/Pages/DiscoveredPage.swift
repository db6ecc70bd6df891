/// Databases that agents have found, and the click that protects one.
package enum DiscoveredPage {
    package static func html(_ rows: [DiscoveredRow], query: ListQuery, _ context: PageContext) -> HTML {
        let t = context.phrases
        return Layout.page(
            t.discovered, .discovered, context, lead: "<p class=\"lead\">\(t.discoveredLead)</p>",
            """
            \(rows.isEmpty && !query.isFiltered ? HTML() : FilterBar(query: query).html(context))
            <section class="panel list" id="found" data-live="" aria-label="\(t.discovered)">\(table(rows, query: query, context))</section>
            """)
    }

    static func table(_ rows: [DiscoveredRow], query: ListQuery, _ context: PageContext) -> HTML {
        let t = context.phrases
        let columns: [Column<DiscoveredRow>] = [
            Column(id: "name", title: t.container, order: { $0.name < $1.name }) { row in
                "<strong>\(row.name)</strong><span class=\"sub\">\(row.image)</span>"
            },
            Column(id: "engine", title: t.engine, order: { $0.engine < $1.engine }) { HTML(text: $0.engine) },
            Column(id: "agent", title: t.agent, order: { $0.agentName < $1.agentName }) {
                context.link(agent: $0.agentID, $0.agentName)
            },
            Column(id: "network", title: t.network) { row in
                "\(row.networks.joined(separator: ", "))<span class=\"sub\">\(row.ports.joined(separator: ", "))</span>"
            },
            Column(id: "protection", title: t.protection, order: { ($0.jobID ?? "") < ($1.jobID ?? "") }) {
                protection($0, context)
            },
        ]
        return ListTable(
            caption: t.discovered, columns: columns, query: query,
            paging: .whole { "\($0.name) \($0.image) \($0.engine)" },
            empty: context.empty(
                t.noDiscovered, t.noDiscoveredNext, action: "<a class=\"button\" href=\"/agents\">\(t.toAgents)</a>")
        ).html(rows, context)
    }

    /// One press makes the target and its job, and begins the first backup.
    /// - Parameter then: where to go then; `{id}` is the run.
    static func protection(_ row: DiscoveredRow, then: HTML = "/runs/{id}", _ context: PageContext) -> HTML {
        let t = context.phrases
        if let job = row.jobID {
            return "\(Tone.good.badge(t.protected))<a class=\"sub\" href=\"\(Link.job(job))\">\(t.toJob)</a>"
        }
        guard context.mayOperate else { return Tone.warning.badge(t.notProtected) }
        if let target = row.targetID { return nightly(row, target, then: then, context) }
        let suggestion =
            row.suggestion == 0 ? HTML() : Field.hidden("suggestion", "\(row.suggestion)", kind: .number)
        return """
            <form method="post" data-api="POST \(Link.api("agents", row.agentID, "/protect"))" data-conflict="\(t.protectedMeanwhile)" data-after="POST /v1/jobs/{job_id}/run" data-then="\(then)">\(Field.hidden("container_id", row.id))\(suggestion)\
            <button class="button primary small" aria-label="\(t.protectNamed(row.name))">\(t.protect)</button></form>
            """
    }

    /// Of what is a target already, and has no job: one as ``protection(_:then:_:)`` makes it.
    private static func nightly(_ row: DiscoveredRow, _ target: String, then: HTML, _ context: PageContext) -> HTML {
        let t = context.phrases
        return """
            <form method="post" data-api="POST \(Link.api("agents", row.agentID, "/jobs"))" data-conflict="\(t.jobNameTaken)" data-after="POST /v1/jobs/{id}/run" data-then="\(then)">\
            \(Field.hidden("target_id", target))\(Field.hidden("name", "\(row.name.prefix(90)) nightly"))\
            \(Field.hidden("cron", "0 2 * * *"))\(Field.hidden("jitter_s", "7200", kind: .number))\
            <button class="button primary small" aria-label="\(t.addJobNamed(row.name))">\(t.addJob)</button></form>
            """
    }
}
