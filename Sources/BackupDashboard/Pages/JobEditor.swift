internal import BackupControl

/// When a job runs, and how long its backups are kept: changed.
struct JobEditor {
    let job: JobModel
    let context: PageContext

    var opener: HTML {
        "<button type=\"button\" class=\"button small\" data-opens=\"edit-job\" aria-haspopup=\"dialog\">\(context.phrases.change)</button>"
    }

    var html: HTML {
        let t = context.phrases
        let kept = job.retention
        let rules = [
            ("days", t.keepDays, kept.days), ("last", t.keepLast, kept.last), ("hourly", t.keepHourly, kept.hourly),
            ("daily", t.keepDaily, kept.daily), ("weekly", t.keepWeekly, kept.weekly),
            ("monthly", t.keepMonthly, kept.monthly), ("yearly", t.keepYearly, kept.yearly),
        ]
        return """
            <dialog id="edit-job" aria-labelledby="edit-job-title"><form method="post" data-api="PATCH \(Link.api("jobs", job.row.id))" data-conflict="\(t.jobNameTaken)" class="stack">
            <h2 id="edit-job-title">\(t.plan)</h2>
            \(Field.text("name", t.name, value: job.row.name, isRequired: true, scope: "e"))
            \(Field.text("cron", t.schedule, value: job.row.cron, kind: .emptiable, hint: t.cronHint, scope: "e"))
            <fieldset class="choices"><legend>\(t.retention)</legend><p class="hint">\(t.keepHint)</p><div class="pair">\
            \(rules.html { Field.text("retention." + $0.0, $0.1, value: String($0.2), type: "number", kind: .number, scope: "e") })</div></fieldset>
            <p class="form-error" role="alert"></p>
            <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button><button class="button primary">\(t.save)</button></div>
            </form></dialog>
            """
    }
}
