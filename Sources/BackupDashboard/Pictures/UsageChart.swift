internal import FoundationEssentials

/// Stored bytes over time, as a filled line.
struct UsageChart {
    let points: [StorageModel.Point]

    func html(_ context: PageContext) -> HTML {
        let t = context.phrases
        guard let first = points.first, let last = points.last, points.count >= 2 else {
            return "<p class=\"muted\">\(t.tooFewDays)</p>"
        }
        let top = max(1, Double(points.map(\.sizeBytes).max() ?? 1)) * 1.1
        let span = max(1, last.at.timeIntervalSince(first.at))
        let line = points.map { point in
            let x = point.at.timeIntervalSince(first.at) / span * 1000
            return "\(HistoryChart.fixed(x)) \(HistoryChart.fixed(160 - Double(point.sizeBytes) / top * 160))"
        }
        let path = line.joined(separator: "L")
        let words = { (bytes: UInt64) in context.quantities.bytes(bytes) }
        return """
            <figure class="chart tall"><figcaption><span>\(t.stored)</span><strong>\(words(last.sizeBytes))</strong></figcaption>
            <div class="plot"><span class="axis">\(words(UInt64(top / 1.1)))</span>
            <svg viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-label="\(t.usageSummary(from: words(first.sizeBytes), to: words(last.sizeBytes)))">
            <path class="area" d="M0 160L\(path)L1000 160Z"/><path class="line" d="M\(path)"/>
            </svg></div>
            <p class="range"><span>\(Moment(first.at).day)</span><span>\(Moment(last.at).day)</span></p></figure>
            """
    }
}
