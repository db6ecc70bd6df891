internal import BackupControl

/// What several pages show of runs.
extension PageContext {
    func badge(_ status: RunRecord.Status) -> HTML { tone(status).badge(phrases.status(status.rawValue)) }
    func badge(_ status: RestoreRecord.Status) -> HTML {
        switch status {
        case .pending, .dispatched, .running: Tone.active.badge(phrases.status(status.rawValue))
        case .success: Tone.good.badge(phrases.done)
        case .failed, .lost: Tone.bad.badge(phrases.status(status.rawValue))
        case .cancelled: Tone.neutral.badge(phrases.status(status.rawValue))
        }
    }

    private func tone(_ status: RunRecord.Status) -> Tone {
        switch status {
        case .pending, .dispatched, .running, .uploading, .validating: .active
        case .success: .good
        case .failed, .lost: .bad
        case .cancelled: .neutral
        }
    }

    /// Room is kept for every number, so that nothing moves when they come.
    func meter(_ meter: RunMeter, of id: String) -> HTML {
        let t = phrases
        let speed = meter.bytesPerSecond.map { "\(quantities.bytes($0))/\(t.second)" } ?? ""
        let left = meter.secondsLeft.map { t.left(quantities.duration($0)) } ?? ""
        return """
            <div class="meter" data-progress="\(id)"><progress max="100" value="\(meter.percent)" aria-label="\(t.progress)">\(meter.percent) %</progress>\
            <p><span data-part="percent">\(meter.percent)\u{A0}%</span><span data-part="stage">\(meter.stage.isEmpty ? "" : t.stage(meter.stage))</span>\
            <span data-part="bytes">\(quantities.bytes(meter.bytesDone))</span><span data-part="speed" data-second="\(t.second)">\(speed)</span><span data-part="left" data-words="\(t.left("{}"))">\(left)</span></p></div>
            """
    }

    func link(run: RunRow) -> HTML { "<a class=\"id\" href=\"\(Link.run(run.id))\">\(run.id)</a>" }
    func link(agent id: String, _ name: String) -> HTML { "<a href=\"\(Link.agent(id))\">\(name)</a>" }

    /// - Parameter isSortable: by the time at which they began, which is the order that their store has.
    func runColumns(isSortable: Bool = false) -> [Column<RunRow>] {
        let t = phrases
        return [
            Column(id: "status", title: t.statusTitle) { row in
                badge(row.status) + (row.isDeleted ? Tone.neutral.badge(t.deleted) : HTML())
            },
            Column(id: "job", title: t.database) { row in
                """
                <a href="\(Link.run(row.id))"><strong>\(row.targetName)</strong></a><span class="sub">\(row.jobName) · \(row.engine)</span>
                """
            },
            Column(id: "agent", title: t.agent) { link(agent: $0.agentID, $0.agentName) },
            Column(id: "at", title: t.started, order: isSortable ? { $0.createdAt < $1.createdAt } : nil) { row in
                "\(ago(row.createdAt))<span class=\"sub\">\(t.trigger(row.trigger.rawValue))</span>"
            },
            Column(id: "duration", title: t.duration, isNumeric: true) { row in
                row.seconds.map { HTML(text: quantities.duration($0)) } ?? "<span class=\"muted\">—</span>"
            },
            Column(id: "size", title: t.result, isNumeric: true) { row in
                if let size = row.sizeBytes { return HTML(text: quantities.bytes(size)) }
                if let progress = row.progress { return meter(progress, of: row.id) }
                return row.error.isEmpty
                    ? "<span class=\"muted\">—</span>"
                    : "<span class=\"why\" title=\"\(row.error)\">\(row.error)</span>"
            },
        ]
    }
}
