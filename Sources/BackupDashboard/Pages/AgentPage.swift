/// One agent: what it is, what it protects, what it has found.
package enum AgentPage {
    package static func html(_ agent: AgentModel, query: ListQuery, _ context: PageContext) -> HTML {
        let t = context.phrases
        let row = agent.row
        let removal = deletion(row, context)
        let rotation = Dialog(
            id: "rotate-key", title: t.rotateKey, content: "<p>\(t.rotateKeyConsequence(row.name))</p>",
            request: "POST \(Link.api("agents", row.id, "/rotate-key"))", shows: "new-key", typedName: row.name,
            action: t.rotateKey, isDangerous: true)
        let state = row.isConnected ? Tone.good.badge(t.connected) : Tone.bad.badge(t.away)
        return Layout.page(
            row.name, .agents, context,
            lead: "<p class=\"lead\">\(state) <span>\(t.lastSeen): \(context.ago(row.lastSeenAt))</span></p>",
            actions: context.mayAdminister
                ? removal.opener(t.delete, "button quiet danger-text") + rotation.opener(t.rotateKey) : HTML(),
            """
            <div id="away" data-live="">\(row.isConnected ? HTML() : "<p class=\"callout warning\">\(t.agentAwayHint)</p>")</div>
            <div class="columns">\(about(agent, context))\(targets(agent, context))</div>
            \(jobs(agent, context))
            \(context.panel(t.discovered, id: "found", isWide: true, DiscoveredPage.table(agent.discovered, query: query, context)))
            \(recent(agent, query, context))
            \(context.mayOperate ? TargetForm(agentID: row.id, context: context).html : HTML())
            \(context.mayAdminister ? removal.html(t) + rotation.html(t) + newKey(context) : HTML())
            """)
    }

    /// The answer's key, this once.
    private static func newKey(_ context: PageContext) -> HTML {
        let t = context.phrases
        return """
            <dialog id="new-key" aria-labelledby="new-key-title"><h2 id="new-key-title">\(t.rotateKey)</h2>
            <div class="stack"><p class="callout warning">\(t.keyOnce)</p>\(context.snippet("<span data-fill=\"key\">…</span>", id: "new-key-text", isShort: true))\
            <div class="actions"><button type="button" class="button" data-closes="">\(t.close)</button></div></div></dialog>
            """
    }

    private static func about(_ agent: AgentModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let row = agent.row
        return context.panel(
            t.about, id: "about",
            context.facts([
                (t.host, HTML(text: row.hostname)), (t.system, HTML(text: row.system)),
                (t.version, HTML(text: row.version)),
                ("Docker", HTML(text: agent.dockerVersion.isEmpty ? "—" : agent.dockerVersion)),
                (t.connectedSince, context.ago(agent.connectedAt)),
                (t.parallelJobs, HTML(text: String(agent.maxParallelJobs))),
                (t.maintenance, HTML(text: agent.maintenance.isEmpty ? "—" : "\(agent.maintenance) UTC")),
                (t.autoUpdate, HTML(text: agent.isAutoUpdateEnabled ? t.on : t.off)),
                (t.configuration, HTML(text: row.isUpToDate ? t.configApplied : t.configPending)),
            ]))
    }

    private static func targets(_ agent: AgentModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let form = TargetForm(agentID: agent.row.id, context: context)
        let opener = context.mayOperate ? form.opener : HTML()
        guard !agent.targets.isEmpty else {
            return context.panel(
                t.databases, id: "targets", context.empty(t.noTargets, t.noTargetsNext, action: opener))
        }
        let items = agent.targets.html { target in
            let actions = context.mayOperate ? actions(of: target, t) : HTML()
            return """
                <li><div><strong>\(target.name)</strong><span class="sub">\(target.engine) · \(target.address)\(target.database.isEmpty ? "" : " · \(target.database)")</span>\
                <span class="sub">\(t.lastProven): \(context.ago(target.lastProvenAt))</span></div>\(actions)</li>
                """
        }
        return context.panel(
            t.databases, id: "targets", aside: opener,
            "<ul class=\"rows\" role=\"list\">\(items)</ul>\(agent.targets.count < agent.row.targets ? "<p class=\"hint\">\(t.listIsCut)</p>" : HTML())"
        )
    }

    private static func actions(of target: TargetRow, _ t: any Phrases) -> HTML {
        let removal = Removal(
            kind: "target", id: target.id, name: target.name, path: "targets",
            consequence: t.deleteTargetConsequence(target.name))
        return """
            <div class="row-actions"><form method="post" data-api="POST \(Link.api("targets", target.id, "/test-connection"))" data-says="\(t.connectionWorks)">\
            <button class="button small" aria-label="\(t.testNamed(target.name))">\(t.testConnection)</button></form>\(removal.html(t))</div>
            """
    }

    private static func jobs(_ agent: AgentModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let content =
            agent.jobs.isEmpty
            ? context.empty(t.noJobs, t.noJobsNext)
            : JobsPage.table(
                agent.jobs, query: ListQuery(path: Link.agent(agent.row.id)), next: nil, context, isSortable: false)
        let all: HTML =
            agent.jobs.count < agent.row.jobs
            ? "<a href=\"\(Link.to("/jobs", [("q", agent.row.name)]))\">\(t.all)</a>" : HTML()
        return context.panel(t.jobs, id: "jobs", aside: all, isWide: true, content)
    }

    private static func recent(_ agent: AgentModel, _ query: ListQuery, _ context: PageContext) -> HTML {
        let t = context.phrases
        let all: HTML = "<a href=\"\(Link.to("/runs", [("agent_id", agent.row.id)]))\">\(t.all)</a>"
        let table = ListTable(
            caption: t.runs, columns: context.runColumns(), query: ListQuery(path: query.path),
            paging: .store(next: nil), empty: context.empty(t.noRunsYet, t.noRunsNext))
        return context.panel(t.recentRuns, id: "runs", aside: all, isWide: true, table.html(agent.runs, context))
    }

    private static func deletion(_ row: AgentRow, _ context: PageContext) -> Dialog {
        let t = context.phrases
        return Dialog(
            id: "delete-agent", title: t.deleteAgentTitle,
            content: "<p>\(t.deleteAgentConsequence(row.name, jobs: row.jobs))</p>",
            request: "DELETE \(Link.api("agents", row.id))", then: "/agents", typedName: row.name, action: t.delete,
            isDangerous: true)
    }
}
