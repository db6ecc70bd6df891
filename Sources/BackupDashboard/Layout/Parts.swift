internal import FoundationEssentials

/// Small pieces that pages are made of.
extension PageContext {
    /// - Parameter isLive: live news take its place; false where something is typed or shown once in it.
    func panel(
        _ title: String, id: String, aside: HTML = HTML(), isWide: Bool = false, isLive: Bool = true,
        _ content: HTML
    ) -> HTML {
        """
        <section class="panel\(" wide-panel", if: isWide)" aria-labelledby="\(id)-title" id="\(id)"\(" data-live=\"\"", if: isLive)>
        <div class="panel-head"><h2 id="\(id)-title">\(title)</h2>\(aside)</div>
        \(content)
        </section>

        """
    }

    /// What to do where there is nothing yet.
    func empty(_ title: String, _ next: String, action: HTML = HTML()) -> HTML {
        """
        <div class="empty"><p class="empty-title">\(title)</p><p>\(next)</p>\(action)</div>
        """
    }

    /// `2 h ago`, with the whole moment behind it.
    func ago(_ date: Date?) -> HTML {
        guard let date else { return "<span class=\"muted\">—</span>" }
        let moment = Moment(date)
        let seconds = now.timeIntervalSince(date)
        let words =
            if abs(seconds) < 5 {
                phrases.justNow
            } else if seconds > 0 {
                phrases.ago(coarse(seconds))
            } else {
                phrases.ahead(coarse(-seconds))
            }
        return "<time datetime=\"\(moment.iso)\" title=\"\(moment.day) \(moment.fullTime) UTC\">\(words)</time>"
    }

    /// `2026-01-31 23:59 UTC`
    func at(_ date: Date?) -> HTML {
        guard let date else { return "<span class=\"muted\">—</span>" }
        let moment = Moment(date)
        return "<time datetime=\"\(moment.iso)\">\(moment.day) \(moment.time) UTC</time>"
    }

    func tile(_ label: String, _ value: HTML, _ note: HTML = HTML(), tone: Tone = .neutral) -> HTML {
        """
        <div class="tile \(tone.name)"><dt>\(label)</dt><dd><span class="figure">\(value)</span>\
        <span class="muted">\(note)</span></dd></div>
        """
    }

    /// Names and values, one a line.
    func facts(_ facts: [(name: String, value: HTML)]) -> HTML {
        "<dl class=\"facts\">\(facts.html { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" })</dl>"
    }

    /// A piece of text to take away, with a button that does so.
    /// - Parameter isShort: one line, which is folded rather than scrolled.
    func snippet(_ text: HTML, id: String, isShort: Bool = false) -> HTML {
        """
        <div class="snippet"><pre id="\(id)" tabindex="0"\(" class=\"short\"", if: isShort)>\(text)</pre>\
        <button type="button" class="button small" data-copies="\(id)">\(Icon.copy)<span>\(phrases.copy)</span></button></div>
        """
    }

    private func coarse(_ seconds: Double) -> String {
        switch seconds {
        case ..<60: quantities.duration(seconds.rounded(.down))
        case ..<3600: quantities.duration((seconds / 60).rounded(.down) * 60)
        case ..<86400: quantities.duration((seconds / 3600).rounded(.down) * 3600)
        default: quantities.duration((seconds / 86400).rounded(.down) * 86400)
        }
    }
}

/// What a colour says. A word or a sign always says it too.
enum Tone {
    case neutral, good, warning, bad, active

    var name: HTML {
        switch self {
        case .neutral: "neutral"
        case .good: "good"
        case .warning: "warning"
        case .bad: "bad"
        case .active: "active"
        }
    }

    func badge(_ text: String) -> HTML { "<span class=\"badge \(name)\">\(text)</span>" }
}
