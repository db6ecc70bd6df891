internal import BackupControl

/// Restores and drills, newest first unless asked otherwise.
package enum RestoresPage {
    package static func html(_ rows: [RestoreRow], query: ListQuery, next: String?, _ context: PageContext) -> HTML {
        let t = context.phrases
        let columns: [Column<RestoreRow>] = [
            Column(id: "status", title: t.statusTitle) { context.badge($0.status) },
            Column(id: "target", title: t.database) { row in
                "<strong>\(row.targetName)</strong><span class=\"sub\">\(row.isDrill ? t.drill : t.restoreWord) · \(row.agentName)</span>"
            },
            Column(id: "run", title: t.backup) { "<a class=\"id\" href=\"\(Link.run($0.runID))\">\($0.runID)</a>" },
            Column(id: "at", title: t.started, order: { $0.createdAt < $1.createdAt }) { context.ago($0.createdAt) },
            Column(id: "duration", title: t.duration, isNumeric: true) { row in
                if let progress = row.progress { return context.meter(progress, of: row.id) }
                return HTML(text: row.seconds.map { context.quantities.duration($0) } ?? "—")
            },
            Column(id: "result", title: t.result) { row in
                if row.error.isEmpty { return HTML(text: row.status == .success ? t.restored : "") }
                return
                    "<span class=\"why\">\(row.error)</span>\(row.targetState.map { "<span class=\"sub\">\(t.targetState($0))</span>" })"
            },
        ]
        let table = ListTable(
            caption: t.restores, columns: columns, query: query, paging: .store(next: next),
            empty: context.empty(
                t.noRestores, t.noRestoresNext,
                action: "<a class=\"button primary\" href=\"/runs?status=success\">\(t.chooseBackup)</a>"))
        return Layout.page(
            t.restores, .restores, context, lead: "<p class=\"lead\">\(t.restoresLead)</p>",
            "<section class=\"panel list\" id=\"restores\" data-live=\"\" aria-label=\"\(t.restores)\">\(table.html(rows, context))</section>"
        )
    }
}
