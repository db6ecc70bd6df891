/// Agents, and how to add one.
package enum AgentsPage {
    package static func html(
        _ rows: [AgentRow], query: ListQuery, next: String?, _ context: PageContext
    ) -> HTML {
        let t = context.phrases
        let add = AgentSnippet(context: context)
        let columns: [Column<AgentRow>] = [
            Column(id: "state", title: t.statusTitle, order: { $0.isConnected && !$1.isConnected }) {
                ($0.isConnected ? Tone.good : Tone.bad).badge($0.isConnected ? t.connected : t.away)
            },
            Column(id: "name", title: t.name, order: { $0.name < $1.name }) { row in
                "<a href=\"\(Link.agent(row.id))\"><strong>\(row.name)</strong></a><span class=\"sub\">\(row.hostname)</span>"
            },
            Column(id: "seen", title: t.lastSeen) { context.ago($0.lastSeenAt) },
            Column(id: "targets", title: t.databases, isNumeric: true, order: { $0.targets < $1.targets }) {
                HTML(text: String($0.targets))
            },
            Column(id: "jobs", title: t.jobs, isNumeric: true, order: { $0.jobs < $1.jobs }) {
                HTML(text: String($0.jobs))
            },
            Column(id: "version", title: t.version, order: { $0.version < $1.version }) { row in
                "\(row.version)<span class=\"sub\">\(row.isUpToDate ? t.configApplied : t.configPending)</span>"
            },
        ]
        let table = ListTable(
            caption: t.agents, columns: columns, query: query, paging: .store(next: next),
            empty: context.empty(
                t.noAgents, t.noAgentsNext, action: context.mayAdminister ? add.opener : HTML()))
        return Layout.page(
            t.agents, .agents, context, lead: "<p class=\"lead\">\(t.agentsLead)</p>",
            actions: context.mayAdminister ? add.opener : HTML(),
            """
            \(rows.isEmpty && !query.isFiltered ? HTML() : FilterBar(query: query).html(context))
            <section class="panel list" id="agents" data-live="" aria-label="\(t.agents)">\(table.html(rows, context))</section>
            \(context.mayAdminister ? add.html : HTML())
            """)
    }
}
