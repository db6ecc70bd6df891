/// The stages of a running backup, how busy each is, and which one the others wait for.
struct PipelineStages {
    let stages: [StageLoad]

    func html(_ context: PageContext) -> HTML {
        let t = context.phrases
        let limiting = stages.max { $0.busy < $1.busy }?.stage
        let items = stages.html { load in
            let isLimit = load.stage == limiting
            return """
                <li class="stage\(" limit", if: isLimit)"><span class="stage-name">\(t.stage(load.stage.rawValue))</span>\
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/>\
                <rect class="load" width="\(Int(load.busy * 100))" height="6"/></svg>\
                <span class="muted">\(context.quantities.bytes(load.bytesPerSecond))/\(t.second) · \(t.busy) \(Int(load.busy * 100))\u{A0}%</span>\
                \(isLimit ? "<span class=\"stage-limit\">\(t.limits)</span>" as HTML : HTML())</li>
                """
        }
        return "<ol class=\"stages\" role=\"list\">\(items)</ol>"
    }
}
