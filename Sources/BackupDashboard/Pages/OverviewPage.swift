internal import FoundationEssentials

/// The first page: is everything protected, and if not, what is to be done.
package enum OverviewPage {
    package static func html(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        if let start = model.start, context.mayAdminister {
            return Layout.page(
                t.welcome, .overview, context, lead: "<p class=\"lead\">\(t.welcomeLead)</p>",
                FirstRunSteps(state: start, context: context).html())
        }
        return Layout.page(
            t.overview, .overview, context,
            """
            \(verdict(model, context))
            <dl class="tiles" id="tiles" data-live="">\(tiles(model, context))</dl>
            \(context.panel(t.runningNow, id: "live", isWide: true, live(model.live, context)))
            \(context.panel(t.calendarOfRuns, id: "calendar", isWide: true, RunCalendar(days: model.calendar, context: context).html()))
            <div class="columns wide-first">
            \(context.panel(t.recentRuns, id: "recent", aside: "<a href=\"/runs\">\(t.all)</a>", runs(model.recent, context)))
            \(context.panel(t.comingUp, id: "next", aside: "<a href=\"/jobs\">\(t.all)</a>", next(model, context)))
            </div>
            """)
    }

    /// Whether all is well, and beside it what is not. There is room for a line of that beforehand, so that nothing moves when it comes.
    private static func verdict(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let isWell = model.lateJobs == 0 && model.protected >= model.databases
        let (tone, words): (HTML, String) =
            model.databases == 0 ? ("none", t.nothingKnown) : isWell ? ("good", t.allIsWell) : ("warning", t.lookAtThis)
        return """
            <section class="panel verdict-panel" id="verdict" data-live="" aria-label="\(t.needsAttention)">
            <p class="verdict-words"><span class="dot \(tone)" aria-hidden="true"></span><strong>\(words)</strong></p>
            \(attention(model, context))
            </section>

            """
    }

    /// Side by side in one line of a height of its own: however many there are, what is below stays where it is.
    private static func live(_ rows: [RunRow], _ context: PageContext) -> HTML {
        let t = context.phrases
        guard !rows.isEmpty else { return "<p class=\"live-runs muted\">\(t.nothingRuns)</p>" }
        let items = rows.html { row in
            """
            <li><p><a href="\(Link.run(row.id))"><strong>\(row.targetName)</strong></a> \(context.badge(row.status))</p>\
            \(context.meter(row.progress ?? RunMeter(percent: 0), of: row.id))</li>
            """
        }
        return "<ul class=\"live-runs\" role=\"list\" tabindex=\"0\" aria-label=\"\(t.runningNow)\">\(items)</ul>"
    }

    private static func tiles(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let words = context.quantities
        let bare = model.databases - model.protected
        return context.tile(
            t.protectedDatabases, "\(model.protected)<small> / \(model.databases)</small>",
            bare > 0
                ? "<a href=\"/discovered\">\(t.unprotected(bare))</a>"
                : HTML(text: model.databases == 0 ? "" : t.everyDatabase),
            tone: bare > 0 ? .warning : model.databases == 0 ? .neutral : .good)
            + context.tile(
                t.lateBackups, "\(model.lateJobs)", HTML(text: model.lateJobs == 0 ? t.nothingLate : t.seeAbove),
                tone: model.lateJobs == 0 ? .good : .bad)
            + context.tile(
                t.lastDay, "\(model.succeededToday)<small> / \(model.succeededToday + model.failedToday)</small>",
                model.failedToday > 0
                    ? "<a href=\"/runs?status=failed\">\(t.failedRuns(model.failedToday))</a>"
                    : HTML(text: t.noneFailed),
                tone: model.failedToday > 0 ? .bad : .good)
            + context.tile(
                t.agents, "\(model.agentsConnected)<small> / \(model.agents)</small>", HTML(text: t.connectedNow),
                tone: model.agentsConnected < model.agents ? .warning : .good)
            + context.tile(
                t.stored, HTML(text: words.bytes(model.storedTotal)),
                HTML(text: t.addedToday(words.bytes(model.storedToday))))
    }

    private static func attention(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        guard !(model.late.isEmpty && model.lostAgents.isEmpty) else { return HTML() }
        let late = model.late.html { late in
            """
            <li>\(Tone.bad.badge(t.late))<div><a href="\(Link.job(late.jobID))"><strong>\(late.jobName)</strong></a>\
            <span class="sub">\(late.agentName) · \(t.wasExpected) \(context.ago(late.expectedBy)) · \(t.lastProven): \(context.ago(late.lastProvenAt))</span></div></li>
            """
        }
        let lost = model.lostAgents.html { agent in
            """
            <li>\(Tone.warning.badge(t.away))<div><a href="\(Link.agent(agent.id))"><strong>\(agent.name)</strong></a>\
            <span class="sub">\(t.lastSeen): \(context.ago(agent.lastSeenAt))</span></div></li>
            """
        }
        return "<ul class=\"rows\" role=\"list\">\(late)\(lost)</ul>"
    }

    private static func runs(_ rows: [RunRow], _ context: PageContext) -> HTML {
        let t = context.phrases
        return ListTable(
            caption: t.runs, columns: context.runColumns().filter { $0.id != "agent" },
            query: ListQuery(path: "/"), paging: .store(next: nil), empty: context.empty(t.noRunsYet, t.noRunsNext)
        ).html(rows, context)
    }

    private static func next(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        guard !model.next.isEmpty else {
            return context.empty(
                t.noNextTimes, t.noJobsNext, action: "<a class=\"button\" href=\"/discovered\">\(t.toDiscovered)</a>")
        }
        let items = model.next.html { job in
            """
            <li><div><a href="\(Link.job(job.id))">\(job.name)</a><span class="sub">\(job.agentName)</span></div><span>\(context.ago(job.nextDueAt))</span></li>
            """
        }
        return "<ul class=\"rows\" role=\"list\">\(items)</ul>"
    }
}
