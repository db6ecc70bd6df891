internal import BackupControl

/// From an empty server to a backup that can be restored, a step at a time. What is done stays to be seen.
struct FirstRunSteps {
    let state: FirstRun
    let context: PageContext

    func html() -> HTML {
        let t = context.phrases
        let steps = [
            (t.stepOwner, t.stepOwnerDone), (t.stepAgent, t.stepAgentText), (t.stepConnect, t.stepConnectText),
            (t.stepProtect, t.stepProtectText), (t.stepBackup, t.stepBackupText), (t.stepRestore, t.stepRestoreText),
        ]
        let items = steps.enumerated().html { number, step in
            let isDone = number < state.step
            let isCurrent = number == state.step
            return """
                <li class="step\(" done", if: isDone)\(" current", if: isCurrent)"\(" aria-current=\"step\"", if: isCurrent)>\
                <span class="step-mark" aria-hidden="true">\(isDone ? "✓" : String(number + 1))</span>
                <div><h2>\(step.0)</h2>\(isCurrent || isDone && number == 0 ? "<p class=\"muted\">\(step.1)</p>" : HTML())\(isCurrent ? current : HTML())</div></li>

                """
        }
        return "<ol class=\"steps\" role=\"list\" id=\"steps\"\(" data-live=\"\"", if: !isForm)>\(items)</ol>"
    }

    /// What is being typed, or shown once, is not replaced by live news.
    private var isForm: Bool {
        if case .addAgent = state { true } else { false }
    }

    private var current: HTML {
        let t = context.phrases
        switch state {
        case .addAgent: return AgentSnippet(context: context).form(closing: false)
        case .waitForAgent(let name):
            return """
                <p class="waiting"><span class="pulse" aria-hidden="true"></span><span>\(t.waitingForNamed(name))</span></p>\
                <p class="muted">\(t.keyLost) <a href="/agents">\(t.toAgents)</a></p>
                """
        case .protect(let found):
            guard !found.isEmpty else {
                return context.empty(
                    t.noDiscovered, t.noDiscoveredNext,
                    action: "<p>\(t.orByHand) <a href=\"/agents\">\(t.toAgents)</a></p>")
            }
            let items = found.html { row in
                """
                <li><div><strong>\(row.name)</strong><span class="sub">\(row.engine) · \(row.image)</span></div>\(DiscoveredPage.protection(row, then: "/", context))</li>
                """
            }
            return "<ul class=\"rows boxed\" role=\"list\">\(items)</ul>"
        case .startBackup(let job):
            return """
                <p><a href="\(Link.job(job.id))"><strong>\(job.name)</strong></a></p>\
                <form method="post" data-api="POST \(Link.api("jobs", job.id, "/run"))" data-conflict="\(t.runGoesOn)" data-then="/"><p class="form-error" role="alert"></p>\
                <button class="button primary">\(t.runNow)</button></form>
                """
        case .firstBackup(let run) where run.status.isLive:
            return """
                <p><a href="\(Link.run(run.id))">\(run.targetName)</a> \(context.badge(run.status))</p>\
                \(context.meter(run.progress ?? RunMeter(percent: 0), of: run.id))
                """
        case .firstBackup(let run):
            return """
                <p><a href="\(Link.run(run.id))">\(run.targetName)</a> \(context.badge(run.status))</p>\
                <p class="callout bad">\(run.error)</p>\
                <form method="post" data-api="POST \(Link.api("jobs", run.jobID, "/run"))" data-conflict="\(t.runGoesOn)" data-then="/"><p class="form-error" role="alert"></p>\
                <button class="button primary">\(t.runAgain)</button></form>
                """
        case .done(let run):
            return """
                <p>\(t.howToRestore)</p>
                \(context.snippet("backupy restore --server \(context.serverURL) \(run.id)", id: "restore-command", isShort: true))
                <div class="actions"><a class="button primary" href="\(Link.run(run.id))">\(t.toBackup)</a><a class="button" href="/discovered">\(t.protectMore)</a><a class="button quiet" href="/?start=done">\(t.toOverview)</a></div>
                """
        }
    }
}
