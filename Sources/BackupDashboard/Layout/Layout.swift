/// The frame around every page: head, navigation, live notices.
enum Layout {
    /// A page of somebody who has signed in.
    static func page(
        _ title: String, _ current: Section, _ context: PageContext, lead: HTML = HTML(), actions: HTML = HTML(),
        _ content: HTML
    ) -> HTML {
        let t = context.phrases
        return document(
            title, context,
            """
            <a class="skip" href="#main">\(t.skipToContent)</a>
            <div class="frame">
            <header class="side">
            <a class="brand" href="/">\(Icon.logo)<span>Backupy</span></a>
            <details class="menu"><summary class="button quiet">\(Icon.menu)<span>\(t.menu)</span></summary>\(navigation(current, context))</details>
            <div class="wide">\(navigation(current, context))</div>
            \(ViewerMenu.html(context))
            </header>
            <main id="main" tabindex="-1">
            <div class="title"><div><h1>\(title)</h1><div id="lead" data-live="">\(lead)</div></div><div class="actions" id="page-actions" data-live="">\(actions)</div></div>
            \(content)
            </main>
            </div>
            <div class="toasts" role="status" aria-live="polite" id="notices"></div>
            <div class="stream-lost" role="status" aria-live="polite" id="stream-lost" data-lost="\(t.streamLost)" \
            data-back="\(t.streamBack)" data-stale="\(t.notUpdatedSince)" data-signed-out="\(t.signedOut)" data-sign-in="\(t.signIn)"></div>
            """)
    }

    /// A page without navigation: the first start, signing in, what the public sees.
    static func plain(_ title: String, _ context: PageContext, isNarrow: Bool = true, _ content: HTML) -> HTML {
        document(
            title, context,
            """
            <a class="skip" href="#main">\(context.phrases.skipToContent)</a>
            <div class="plain\(" narrow", if: isNarrow)">
            <header class="plain-head"><span class="brand">\(Icon.logo)<span>Backupy</span></span>\(ViewerMenu.html(context))</header>
            <main id="main" tabindex="-1"><h1>\(title)</h1>\(content)</main>
            </div>
            <div class="toasts" role="status" aria-live="polite" id="notices"></div>
            """)
    }

    private static func navigation(_ current: Section, _ context: PageContext) -> HTML {
        let t = context.phrases
        let groups = Section.groups.html { group in
            let items = group.filter { $0.isShown(to: context) }.html { section in
                """
                <li><a href="\(section.path)"\(" aria-current=\"page\"", if: section == current)>\(section.icon)<span>\(section.title(t))</span></a></li>
                """
            }
            return "<ul role=\"list\">\(items)</ul>"
        }
        return "<nav aria-label=\"\(t.mainNavigation)\">\(groups)</nav>"
    }

    private static func document(_ title: String, _ context: PageContext, _ body: HTML) -> HTML {
        let t = context.phrases
        return """
            <!DOCTYPE html>
            <html lang="\(context.language.rawValue)" data-theme="\(context.theme.rawValue)">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="csrf-token" content="\(context.csrfToken)" data-viewer="\(context.viewer?.email ?? "")"/>
            <title>\(title) · Backupy</title>
            <link rel="icon" href="\(Asset.path("icon.svg"))" type="image/svg+xml"/>
            <link rel="stylesheet" href="\(Asset.path("dashboard.css"))"/>
            <script type="module" src="\(Asset.path("dashboard.js"))"></script>
            </head>
            <body data-copied="\(t.copied)" data-close="\(t.close)" data-failed="\(t.requestFailed)" data-unreachable="\(t.serverUnreachable)"
            data-unfit="\(t.unfitValue)"\(Refusals.html(t))>
            <noscript><p class="callout warning">\(t.needsScript)</p></noscript>
            \(body)
            </body>
            </html>

            """
    }
}
