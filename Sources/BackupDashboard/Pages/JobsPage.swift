internal import FoundationEssentials

/// Jobs: what is backed up when.
package enum JobsPage {
    package static func html(
        _ rows: [JobRow], choices: JobChoices, query: ListQuery, next: String?, _ context: PageContext
    ) -> HTML {
        let t = context.phrases
        let editor = JobForm(choices: choices, context: context)
        let opener = context.mayOperate && !choices.targets.isEmpty ? editor.opener : HTML()
        return Layout.page(
            t.jobs, .jobs, context, lead: "<p class=\"lead\">\(t.jobsLead)</p>", actions: opener,
            """
            \(rows.isEmpty && !query.isFiltered ? HTML() : FilterBar(query: query).html(context))
            <section class="panel list" id="jobs" data-live="" aria-label="\(t.jobs)">\(table(rows, query: query, next: next, context))</section>
            \(opener.isEmpty ? HTML() : editor.html)
            """)
    }

    static func table(
        _ rows: [JobRow], query: ListQuery, next: String?, _ context: PageContext, isSortable: Bool = true
    ) -> HTML {
        let t = context.phrases
        let columns: [Column<JobRow>] = [
            Column(id: "name", title: t.job, order: isSortable ? { $0.name < $1.name } : nil) { row in
                "<a href=\"\(Link.job(row.id))\"><strong>\(row.name)</strong></a><span class=\"sub\">\(row.targetName) · \(row.engine)</span>"
            },
            Column(id: "agent", title: t.agent, order: isSortable ? { $0.agentName < $1.agentName } : nil) {
                context.link(agent: $0.agentID, $0.agentName)
            },
            Column(id: "cron", title: t.schedule) { schedule($0.cron, context) },
            Column(
                id: "next", title: t.nextRun,
                order: isSortable
                    ? { ($0.nextDueAt ?? .distantFuture) < ($1.nextDueAt ?? .distantFuture) } : nil
            ) { row in
                row.isEnabled ? context.ago(row.nextDueAt) : Tone.neutral.badge(t.paused)
            },
            Column(id: "last", title: t.lastRun) { row in
                guard let last = row.last else {
                    return row.isLate ? Tone.bad.badge(t.late) : "<span class=\"muted\">\(t.never)</span>"
                }
                return """
                    <span>\(context.badge(last.status))\(row.isLate ? Tone.bad.badge(t.late) : HTML())</span><span class="sub">\(context.ago(last.createdAt))</span>
                    """
            },
            Column(id: "do", title: t.actions) { row in
                context.mayOperate && row.isEnabled
                    ? "<form method=\"post\" data-api=\"POST \(Link.api("jobs", row.id, "/run"))\" data-conflict=\"\(t.runGoesOn)\" data-then=\"/runs/{id}\"><button class=\"button small\" aria-label=\"\(t.runNowNamed(row.name))\">\(t.runNow)</button></form>"
                    : HTML()
            },
        ]
        return ListTable(
            caption: t.jobs, columns: columns, query: query,
            paging: .store(next: next),
            empty: context.empty(
                t.noJobs, t.noJobsNext, action: "<a class=\"button primary\" href=\"/discovered\">\(t.toDiscovered)</a>"
            )
        ).html(rows, context)
    }

    static func schedule(_ cron: String, _ context: PageContext) -> HTML {
        if cron.isEmpty { return HTML(text: context.phrases.byHand) }
        guard let words = CronWords(cron)?.text(context.phrases) else { return "<code>\(cron)</code>" }
        return "\(words)<span class=\"sub\"><code>\(cron)</code> UTC</span>"
    }
}
