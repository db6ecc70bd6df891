internal import FoundationEssentials

/// A value of each run over time, over the band in which most of them lie. What lies outside is what an alarm would tell.
struct HistoryChart {
    private static let width = 1000.0
    private static let height = 120.0

    let title: String
    let points: [HistoryPoint]
    let value: (HistoryPoint) -> Double
    let words: (Double) -> String

    func html(_ context: PageContext) -> HTML {
        let t = context.phrases
        let good = points.filter(\.isSuccess)
        guard let first = points.first, let last = points.last, good.count >= 2 else {
            return "<p class=\"muted\">\(title): \(t.tooFewRuns)</p>"
        }
        let band = Self.band(good.map(value))
        let top = max(good.map(value).max() ?? 1, band.upperBound, .leastNonzeroMagnitude) * 1.1
        let span = max(1, last.at.timeIntervalSince(first.at))
        let x = { (point: HistoryPoint) in
            Self.fixed(point.at.timeIntervalSince(first.at) / span * (Self.width - 20) + 10)
        }
        let y = { (value: Double) in Self.fixed(Self.height - 4 - value / top * (Self.height - 12)) }
        let line = good.enumerated().map { "\($0.offset == 0 ? "M" : "L")\(x($0.element)) \(y(value($0.element)))" }
        let failed = points.filter { !$0.isSuccess }
        let bandTop = Self.height - 4 - band.upperBound / top * (Self.height - 12)
        let bandHeight = (band.upperBound - band.lowerBound) / top * (Self.height - 12)
        let newest = good.last.map(value) ?? 0
        return """
            <figure class="chart"><figcaption><span>\(title)</span><strong>\(words(newest))</strong></figcaption>
            <div class="plot"><span class="axis">\(words(top / 1.1))</span>
            <svg viewBox="0 0 1000 120" preserveAspectRatio="none" role="img" aria-label="\(t.chartSummary(title, lowest: words(good.map(value).min() ?? 0), highest: words(good.map(value).max() ?? 0), newest: words(newest)))">
            <rect class="band" x="0" y="\(Self.fixed(bandTop))" width="1000" height="\(Self.fixed(max(2, bandHeight)))"/>
            <path class="line" d="\(line.joined(separator: " "))"/>
            <path class="dots" d="\(good.map { "M\(x($0)) \(y(value($0)))h0" }.joined())"/>
            <path class="failed" d="\(failed.map { "M\(x($0)) 108v10" }.joined())"/>
            </svg></div>
            <p class="range"><span>\(Moment(first.at).day)</span><span>\(t.usualBand): \(words(band.lowerBound)) – \(words(band.upperBound))</span><span>\(Moment(last.at).day)</span></p></figure>
            """
    }

    /// The median and three times the median deviation around it: half of the values may be wild, and the band stays.
    static func band(_ values: [Double]) -> ClosedRange<Double> {
        let middle = median(values)
        let spread = max(median(values.map { abs($0 - middle) }) * 1.4826 * 3, middle * 0.05)
        return max(0, middle - spread)...(middle + spread)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// One decimal; never an exponent.
    static func fixed(_ value: Double) -> String {
        let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
