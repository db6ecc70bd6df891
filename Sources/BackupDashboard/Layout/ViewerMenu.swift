/// Who has signed in, and the choice of colours and language. A plain form: it works without JavaScript.
enum ViewerMenu {
    static func html(_ context: PageContext) -> HTML {
        let t = context.phrases
        let themes = PageContext.Theme.allCases.map { theme in
            (value: theme.rawValue, title: title(theme, t))
        }
        let languages = Language.allCases.map { (value: $0.rawValue, title: $0.ownName) }
        return """
            <details class="viewer"><summary class="button quiet">\(Icon.person)<span>\(context.viewer?.name ?? t.display)</span></summary>
            <div class="popover">
            \(context.viewer.map { "<p class=\"who\"><strong>\($0.name)</strong><span class=\"muted\">\($0.email)</span><span class=\"muted\">\(t.role($0.role))</span></p>" })
            <form method="post" action="/preferences" class="stack">
            <input type="hidden" name="back" value="\(context.path)"/>
            <input type="hidden" name="csrf_token" value="\(context.csrfToken)"/>
            \(Field.select("theme", t.colours, themes, selected: context.theme.rawValue))
            \(Field.select("language", t.language, languages, selected: context.language.rawValue))
            <button class="button">\(t.apply)</button>
            </form>
            \(context.viewer.map { _ in "<form method=\"post\" data-api=\"POST /v1/auth/logout\" data-then=\"/login\"><button class=\"button quiet\">\(t.signOut)</button></form>" })
            </div></details>
            """
    }

    private static func title(_ theme: PageContext.Theme, _ t: any Phrases) -> String {
        switch theme {
        case .system: t.themeSystem
        case .light: t.themeLight
        case .dark: t.themeDark
        }
    }
}
