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
            t.overview, .overview, context, lead: lead(model, context),
            """
            <dl class="tiles" id="tiles" data-live="">\(tiles(model, context))</dl>
            <div id="attention" data-live="">\(attention(model, context))</div>
            <div id="live-runs" data-live="">\(model.live.isEmpty ? HTML() : context.panel(t.runningNow, id: "live", isWide: true, runs(model.live, context)))</div>
            \(context.panel(t.calendarOfRuns, id: "calendar", isWide: true, RunCalendar(days: model.calendar, context: context).html()))
            <div class="columns wide-first">
            \(context.panel(t.recentRuns, id: "recent", aside: "<a href=\"/runs\">\(t.all)</a>", runs(model.recent, context)))
            \(context.panel(t.comingUp, id: "next", aside: "<a href=\"/jobs\">\(t.all)</a>", next(model, context)))
            </div>
            """)
    }

    private static func lead(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let isWell = model.lateJobs == 0 && model.protected >= model.databases
        return """
            <p class="lead"><span class="dot \(isWell ? "good" as HTML : "warning" as HTML)" aria-hidden="true"></span>\
            \(isWell ? t.allIsWell : t.lookAtThis)</p>
            """
    }

    private static func tiles(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        let words = context.quantities
        let bare = model.databases - model.protected
        return context.tile(
            t.protectedDatabases, "\(model.protected)<small> / \(model.databases)</small>",
            bare > 0 ? "<a href=\"/discovered\">\(t.unprotected(bare))</a>" : HTML(text: t.everyDatabase),
            tone: bare > 0 ? .warning : .good)
            + context.tile(
                t.lateBackups, "\(model.lateJobs)", HTML(text: model.lateJobs == 0 ? t.nothingLate : t.seeBelow),
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
        return context.panel(
            t.needsAttention, id: "late", isWide: true, "<ul class=\"rows\" role=\"list\">\(late)\(lost)</ul>")
    }

    private static func runs(_ rows: [RunRow], _ context: PageContext) -> HTML {
        let t = context.phrases
        return ListTable(
            caption: t.runs, columns: context.runColumns(isSortable: false).filter { $0.id != "agent" },
            query: ListQuery(path: "/"), paging: .store(next: nil), empty: context.empty(t.noRunsYet, t.noRunsNext)
        ).html(rows, context)
    }

    private static func next(_ model: OverviewModel, _ context: PageContext) -> HTML {
        let t = context.phrases
        guard !model.next.isEmpty else { return context.empty(t.noNextTimes, t.noJobsNext) }
        let items = model.next.html { job in
            """
            <li><div><a href="\(Link.job(job.id))">\(job.name)</a><span class="sub">\(job.agentName)</span></div><span>\(context.ago(job.nextDueAt))</span></li>
            """
        }
        return "<ul class=\"rows\" role=\"list\">\(items)</ul>"
    }
}
