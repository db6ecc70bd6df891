internal import BackupControl

/// All runs, newest first unless asked otherwise.
package enum RunsPage {
    /// - Parameter next: where the store's next page begins.
    package static func html(
        _ rows: [RunRow], agents: [(id: String, name: String)], query: ListQuery, next: String?, _ context: PageContext
    ) -> HTML {
        let t = context.phrases
        let statuses = RunRecord.Status.allCases.map { (value: $0.rawValue, title: t.status($0.rawValue)) }
        let filter = FilterBar(
            query: query, hasText: false,
            choices: [
                ("status", t.statusTitle, statuses),
                ("agent_id", t.agent, agents.map { (value: $0.id, title: $0.name) }),
            ], dates: true)
        let table = ListTable(
            caption: t.runs, columns: context.runColumns(isSortable: true), query: query, paging: .store(next: next),
            empty: context.empty(
                t.noRunsYet, t.noRunsNext, action: "<a class=\"button primary\" href=\"/jobs\">\(t.toJobs)</a>"),
            rowAttributes: { " data-row=\"\($0.id)\"" })
        return Layout.page(
            t.runs, .runs, context, lead: "<p class=\"lead\">\(t.runsLead)</p>",
            """
            \(filter.html(context))
            <section class="panel list" id="runs" data-live="" aria-label="\(t.runs)">\(table.html(rows, context))</section>
            """)
    }
}
