/// How often something answered: a bar for each piece of a period, oldest first.
struct UptimeStrip {
    let cells: [UptimeCell]

    func html(_ name: String, _ uptime: Double?, _ context: PageContext) -> HTML {
        let t = context.phrases
        let label = uptime.map { t.uptimeSummary(name, context.quantities.percent($0)) } ?? t.uptimeUnknown(name)
        let bars = cells.enumerated().html { index, cell in
            let words = cell.share.map { context.quantities.percent($0) } ?? t.unknown
            return """
                <rect class="\(tone(cell.share))" x="\(index * 10)" y="0" width="8" height="32" rx="2"><title>\(Moment(cell.from).day) \(Moment(cell.from).time): \(words)</title></rect>
                """
        }
        return """
            <svg class="strip" viewBox="0 0 \(max(1, cells.count) * 10 - 2) 32" preserveAspectRatio="none" role="img" aria-label="\(label)">\(bars)</svg>
            """
    }

    private func tone(_ share: Double?) -> HTML {
        guard let share else { return "none" }
        if share >= 0.999 { return "good" }
        return share >= 0.95 ? "warning" : "bad"
    }
}
