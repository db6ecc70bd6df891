internal import BackupControl

/// A new job.
struct JobForm {
    let choices: JobChoices
    let context: PageContext

    var opener: HTML {
        "<button type=\"button\" class=\"button primary\" data-opens=\"add-job\" aria-haspopup=\"dialog\">\(Icon.plus)<span>\(context.phrases.addJob)</span></button>"
    }

    var html: HTML {
        let t = context.phrases
        let times = [
            ("@hourly", t.cronHourly), ("0 3 * * *", t.cronNightly), ("0 3 * * 0", t.cronWeekly), ("", t.byHand),
        ]
        let options = choices.targets.html { target in
            "<option value=\"\(target.id)\" data-path=\"\(Link.api("agents", target.agentID, "/jobs"))\">\(target.title)</option>"
        }
        return """
            <dialog id="add-job" aria-labelledby="add-job-title"><form method="post" data-api="POST" data-then="/jobs/{id}" data-conflict="\(t.jobNameTaken)" class="stack">
            <h2 id="add-job-title">\(t.addJob)</h2>
            <div class="field"><label for="jf-target">\(t.database)</label><select id="jf-target" name="target_id" data-kind="text" data-routes="" aria-describedby="jf-target-error">\(options)</select>\(choices.hasMoreTargets ? "<p class=\"hint\">\(t.listIsCut)</p>" : HTML())<p class="field-error" id="jf-target-error" data-error-for="target_id"></p></div>
            \(Field.text("name", t.name, isRequired: true, scope: "j"))
            \(Field.select("cron", t.schedule, times.map { (value: $0.0, title: $0.1) }, selected: "0 3 * * *", scope: "j"))
            \(Field.select("storage_id", t.storage, choices.storages.map { (value: $0.id, title: $0.title) }, scope: "j"))
            \(["last", "hourly", "daily", "weekly", "monthly", "yearly"].html { Field.hidden("retention." + $0, "0", kind: .number) })
            \(Field.text("retention.days", t.keepDays, value: "30", type: "number", kind: .number, scope: "j"))
            <p class="form-error" role="alert"></p>
            <div class="actions"><button type="button" class="button" data-closes="">\(t.cancel)</button><button class="button primary">\(t.create)</button></div>
            </form></dialog>
            """
    }
}
