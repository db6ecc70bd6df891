internal import BackupControl

/// One run: where it is, what was stored, its log, and the way back.
package enum RunPage {
    package static func html(_ run: RunModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let row = run.row
        let restore = RestoreDialog(run: run, context: context)
        let isLive = row.status.isLive
        let isBackup = row.status == .success && !row.isDeleted
        let remove = deletion(run, context)
        var actions = HTML()
        if context.mayOperate {
            if isLive {
                actions =
                    "<form method=\"post\" data-api=\"POST \(Link.api("runs", row.id, "/cancel"))\" data-conflict=\"\(t.runEnded)\"><button class=\"button\">\(t.cancelRun)</button></form>"
            } else if isBackup {
                actions = """
                    \(context.mayAdminister ? remove.opener(t.delete, "button quiet danger-text") : HTML())\
                    <form method="post" data-api="GET \(Link.api("runs", row.id, "/download-url"))" data-then="{url}"><button class="button">\(t.download)</button></form>\
                    \(restore.dialog.map { $0.opener(t.restoreVerb, "button primary") })
                    """
            } else {
                actions =
                    "<form method=\"post\" data-api=\"POST \(Link.api("jobs", row.jobID, "/run"))\" data-conflict=\"\(t.runGoesOn)\" data-then=\"/runs/{id}\"><button class=\"button primary\">\(t.runAgain)</button></form>"
            }
        }
        return Layout.page(
            row.targetName, .runs, context,
            lead: "<p class=\"lead\">\(context.badge(row.status)) <span class=\"id\">\(row.id)</span></p>",
            actions: actions,
            """
            <div id="failure" data-live="">\(run.failure.map { failure($0, context) })</div>
            <div class="columns" id="run" data-live="">
            \(isLive ? live(run, context) : stored(run, context))
            \(about(run, context))
            </div>
            \(log(run, context))
            <div id="dialogs" data-live="">\(isBackup && context.mayOperate ? restore.html : HTML())\(isBackup && context.mayAdminister ? remove.html(t) : HTML())</div>
            """)
    }

    private static func failure(_ failure: RunRecord.Failure, _ context: PageContext) -> HTML {
        """
        <section class="callout bad" role="note" aria-label="\(context.phrases.whatFailed)"><p><strong>\(failure.message)</strong></p>\
        \(failure.hint.isEmpty ? HTML() : "<p>\(context.phrases.whatToDo): \(failure.hint)</p>")<p class="muted id">\(failure.code)</p></section>
        """
    }

    private static func live(_ run: RunModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let meter = run.row.progress ?? RunMeter(percent: 0)
        let content: HTML = """
            \(context.meter(meter, of: run.row.id))
            \(PipelineStages(current: meter.stage).html(context))
            """
        return context.panel(t.progress, id: "progress", content)
    }

    private static func stored(_ run: RunModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        guard let stored = run.stored else {
            return context.panel(t.backup, id: "backup", context.empty(t.nothingStored, t.nothingStoredWhy))
        }
        let words = context.quantities
        var facts: [(name: String, value: HTML)] = [(t.size, HTML(text: words.bytes(stored.sizeBytes)))]
        if let dump = stored.dumpSizeBytes {
            let ratio = Double(dump) / Double(max(1, stored.sizeBytes))
            facts.append((t.dumpSize, HTML(text: "\(words.bytes(dump)) (\(words.decimal(ratio, places: 1))×)")))
        }
        facts.append((t.proof, HTML(text: t.readBack(stored.validated.rawValue))))
        facts.append((t.encryptionTitle, HTML(text: t.encryption(run.encryption.rawValue))))
        facts.append((t.storage, HTML(text: run.storageName)))
        facts.append((t.objectKey, "<span class=\"id\">\(run.objectKey)</span>"))
        if !stored.sha256.isEmpty { facts.append(("SHA-256", "<span class=\"id\">\(stored.sha256)</span>")) }
        return context.panel(t.backup, id: "backup", context.facts(facts))
    }

    private static func about(_ run: RunModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let row = run.row
        let engine = [row.engine, run.stored?.engineVersion ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        return context.panel(
            t.about, id: "about",
            context.facts([
                (t.job, "<a href=\"\(Link.job(row.jobID))\">\(row.jobName)</a>"),
                (t.agent, context.link(agent: row.agentID, row.agentName)), (t.engine, HTML(text: engine)),
                (t.triggerTitle, HTML(text: t.trigger(row.trigger.rawValue))),
                (t.attempt, HTML(text: String(run.attempt))), (t.started, context.at(run.startedAt)),
                (t.finished, context.at(run.finishedAt)),
                (t.duration, HTML(text: row.seconds.map { context.quantities.duration($0) } ?? "—")),
            ]))
    }

    private static func log(_ run: RunModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        guard !run.log.isEmpty else {
            return context.panel(t.log, id: "log", isWide: true, context.empty(t.noLog, t.noLogWhy))
        }
        let lines = run.log.html { line in
            let style: HTML =
                line.level == "error" ? "bad" : line.level == "warn" || line.level == "warning" ? "warning" : "neutral"
            return
                "<li class=\"\(style)\"><time datetime=\"\(Moment(line.at).iso)\">\(Moment(line.at).fullTime)</time><span class=\"level\">\(line.level)</span><span>\(line.message)</span></li>\n"
        }
        let more: HTML =
            run.hasMoreLog
            ? "<p><a href=\"\(Link.api("runs", run.row.id, "/logs"))\">\(t.wholeLog)</a></p>" : ""
        return context.panel(
            t.log, id: "log", isWide: true,
            "<ol class=\"log\" role=\"list\" tabindex=\"0\" aria-label=\"\(t.log)\">\(lines)</ol>\(more)")
    }

    private static func deletion(_ run: RunModel, _ context: PageContext) -> Dialog {
        let t = context.phrases
        return Dialog(
            id: "delete-run", title: t.deleteRunTitle,
            content: "<p>\(t.deleteRunConsequence(run.row.targetName, Moment(run.row.createdAt).day))</p>",
            request: "DELETE \(Link.api("runs", run.row.id))", then: "/runs", typedName: run.row.targetName,
            action: t.delete, isDangerous: true)
    }
}
