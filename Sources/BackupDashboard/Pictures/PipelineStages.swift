/// The way of the bytes of a running backup, and where they are held up.
struct PipelineStages {
    /// Through the first three bytes stream at once; then they are read back.
    private static let streaming = ["dump", "compress", "upload"]
    private static let last = "validate"

    /// The one that the others wait for, or the last; anything else for what has not begun.
    let current: String

    func html(_ context: PageContext) -> HTML {
        let t = context.phrases
        let items = (Self.streaming + [Self.last]).html { stage in
            let isCurrent = stage == current
            return """
                <li class="stage\(" limit", if: isCurrent && stage != Self.last)\(" current", if: isCurrent && stage == Self.last)">\
                <span class="stage-name">\(t.pipelineStage(stage))</span><span class="stage-word">\(word(stage, t))</span></li>
                """
        }
        return "<ol class=\"stages\" role=\"list\" aria-label=\"\(t.pipeline)\">\(items)</ol>"
    }

    private func word(_ stage: String, _ t: any Phrases) -> String {
        let isReadingBack = current == Self.last
        let hasBegun = isReadingBack || Self.streaming.contains(current)
        guard hasBegun else { return t.notYet }
        if stage == Self.last { return isReadingBack ? t.goesOn : t.notYet }
        if isReadingBack { return t.done }
        return stage == current ? t.limits : t.keepsUp
    }
}
