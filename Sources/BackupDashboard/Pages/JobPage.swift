internal import BackupControl

/// One job: when, where to, how it went.
package enum JobPage {
    package static func html(_ job: JobModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let row = job.row
        let removal = Dialog(
            id: "delete-job", title: t.deleteJobTitle,
            content: "<p>\(t.deleteJobConsequence(row.name, row.targetName))</p>",
            request: "DELETE \(Link.api("jobs", row.id))", then: "/jobs", conflict: t.runGoesOn, typedName: row.name,
            action: t.delete,
            isDangerous: true)
        let state =
            row.isLate
            ? Tone.bad.badge(t.late) : row.isEnabled ? Tone.good.badge(t.active) : Tone.neutral.badge(t.paused)
        return Layout.page(
            row.name, .jobs, context,
            lead: "<p class=\"lead\">\(state) <span>\(row.targetName) · \(row.engine)</span></p>",
            actions: context.mayOperate ? actions(row, removal, context) : HTML(),
            """
            <div class="columns">\(plan(job, context))\(times(job, context))</div>
            \(context.panel(t.calendarOfRuns, id: "calendar", isWide: true, RunCalendar(days: job.calendar, context: context).html()))
            <div class="columns">\(charts(job, context))</div>
            \(runs(job, context))
            \(context.mayOperate ? removal.html(t) + JobEditor(job: job, context: context).html : HTML())
            """)
    }

    private static func actions(_ row: JobRow, _ removal: Dialog, _ context: PageContext) -> HTML {
        let t = context.phrases
        return """
            \(removal.opener(t.delete, "button quiet danger-text"))\
            <form method="post" data-api="PATCH \(Link.api("jobs", row.id))"><input type="hidden" name="is_enabled" value="\(row.isEnabled ? "false" : "true")" data-kind="flag"/>\
            <button class="button">\(row.isEnabled ? t.pause : t.resume)</button></form>\
            <form method="post" data-api="POST \(Link.api("jobs", row.id, "/run"))" data-conflict="\(t.runGoesOn)" data-then="/runs/{id}"><button class="button primary">\(t.runNow)</button></form>
            """
    }

    private static func plan(_ job: JobModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        return context.panel(
            t.plan, id: "plan", aside: context.mayOperate ? JobEditor(job: job, context: context).opener : HTML(),
            context.facts([
                (t.schedule, JobsPage.schedule(job.row.cron, context)),
                (t.agent, context.link(agent: job.row.agentID, job.row.agentName)),
                (t.storage, HTML(text: job.storageName)),
                (t.encryptionTitle, HTML(text: t.encryption(job.encryption.rawValue))),
                (t.retention, HTML(text: retention(job.retention, t))), (t.expectedBy, context.at(job.expectedBy)),
            ]))
    }

    static func retention(_ policy: RetentionPolicy, _ t: any Phrases) -> String {
        let parts = [
            ("days", policy.days), ("last", policy.last), ("hourly", policy.hourly), ("daily", policy.daily),
            ("weekly", policy.weekly), ("monthly", policy.monthly), ("yearly", policy.yearly),
        ]
        .filter { $0.1 > 0 }.map { t.kept($0.0, $0.1) }
        return parts.isEmpty ? t.keptForever : parts.joined(separator: ", ")
    }

    private static func times(_ job: JobModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        guard job.row.isEnabled, !job.nextTimes.isEmpty else {
            return context.panel(t.nextTimes, id: "times", context.empty(t.noNextTimes, t.noNextTimesWhy))
        }
        let items = job.nextTimes.prefix(8).html {
            "<li>\(context.at($0))<span class=\"muted\">\(context.ago($0))</span></li>"
        }
        return context.panel(t.nextTimes, id: "times", "<ol class=\"times\" role=\"list\">\(items)</ol>")
    }

    private static func charts(_ job: JobModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let words = context.quantities
        let size = HistoryChart(title: t.size, points: job.history, value: { Double($0.sizeBytes) }) {
            words.bytes(UInt64(max(0, $0)))
        }
        let duration = HistoryChart(title: t.duration, points: job.history, value: \.seconds) { words.duration($0) }
        return context.panel(t.sizeOverTime, id: "size", size.html(context))
            + context.panel(t.durationOverTime, id: "duration", duration.html(context))
    }

    private static func runs(_ job: JobModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let table = ListTable(
            caption: t.runs, columns: context.runColumns(),
            query: ListQuery(path: Link.job(job.row.id)),
            paging: .store(next: nil), empty: context.empty(t.noRunsYet, t.noRunsOfJobNext))
        let all: HTML = "<a href=\"\(Link.to("/runs", [("job_id", job.row.id)]))\">\(t.all)</a>"
        return context.panel(t.recentRuns, id: "runs", aside: all, isWide: true, table.html(job.runs, context))
    }
}
