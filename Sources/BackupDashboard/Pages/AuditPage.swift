/// Who did what, when and from where.
package enum AuditPage {
    package static func html(_ rows: [AuditRow], query: ListQuery, next: String?, _ context: PageContext) -> HTML {
        let t = context.phrases
        let columns: [Column<AuditRow>] = [
            Column(id: "at", title: t.when, order: { $0.at < $1.at }) { context.at($0.at) },
            Column(id: "actor", title: t.who) { row in
                "\(row.actor)<span class=\"sub\">\(row.address)</span>"
            },
            Column(id: "action", title: t.what) { "<code>\($0.action)</code>" },
            Column(id: "object", title: t.object) { "<span class=\"id\">\($0.object)</span>" },
        ]
        let table = ListTable(
            caption: t.audit, columns: columns, query: query, paging: .store(next: next),
            empty: context.empty(t.noAudit, t.noAuditNext))
        return Layout.page(
            t.audit, .audit, context, lead: "<p class=\"lead\">\(t.auditLead)</p>",
            actions: "<a class=\"button\" href=\"/v1/audit-log/export\">\(t.exportCSV)</a>",
            """
            \(FilterBar(query: query, hasText: false, dates: true).html(context))
            <section class="panel list" id="audit" aria-label="\(t.audit)">\(table.html(rows, context))</section>
            """)
    }
}
