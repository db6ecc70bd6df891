// Made by script/embed-assets from Assets/Files.

// swift-format-ignore-file
extension Asset {
    package static let version = "64672da445820034"

    package static let all: [Asset] = [
        Asset(
            name: "dashboard.css", type: "text/css; charset=utf-8", text: ##"""
            /* Tokens: everything below takes colour, space and type from here. */
            :root {
                color-scheme: light;
                --page: #f6f7f9; --surface: #ffffff; --sunken: #f0f2f5; --line: #e2e6ec; --control: #7d8795;
                --text: #171b22; --muted: #59636f; --accent: #2a5bd7; --on-accent: #ffffff; --accent-soft: #e8eefc;
                --good: #17743a; --good-soft: #e3f4e8; --good-fill: #3aa662;
                --warning: #8a5a00; --warning-soft: #fdf1d8; --warning-fill: #dc9a1c;
                --bad: #b3261e; --bad-soft: #fce8e6; --bad-fill: #d9473d; --none: #e4e8ed;
                --shadow: 0 1px 2px rgb(15 23 42 / 5%);
                --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
                --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
                --s1: 4px; --s2: 8px; --s3: 12px; --s4: 16px; --s5: 24px; --s6: 32px; --s7: 48px;
                --small: 0.8125rem; --body: 0.9375rem; --large: 1.0625rem; --huge: 1.625rem; --radius: 10px;
            }
            @media (prefers-color-scheme: dark) {
                :root:not([data-theme="light"]) {
                    color-scheme: dark;
                    --page: #0f1217; --surface: #171b22; --sunken: #1f242d; --line: #2b323d; --control: #7b8696;
                    --text: #e7ebf1; --muted: #9ea8b6; --accent: #8db2ff; --on-accent: #0c1a3a; --accent-soft: #1c2a4a;
                    --good: #62d28a; --good-soft: #14301f; --good-fill: #35935a;
                    --warning: #f0bd5a; --warning-soft: #36290f; --warning-fill: #c28a1e;
                    --bad: #ff9088; --bad-soft: #3b1a18; --bad-fill: #cf4a42; --none: #2a303a;
                    --shadow: none;
                }
            }
            :root[data-theme="dark"] {
                color-scheme: dark;
                --page: #0f1217; --surface: #171b22; --sunken: #1f242d; --line: #2b323d; --control: #7b8696;
                --text: #e7ebf1; --muted: #9ea8b6; --accent: #8db2ff; --on-accent: #0c1a3a; --accent-soft: #1c2a4a;
                --good: #62d28a; --good-soft: #14301f; --good-fill: #35935a;
                --warning: #f0bd5a; --warning-soft: #36290f; --warning-fill: #c28a1e;
                --bad: #ff9088; --bad-soft: #3b1a18; --bad-fill: #cf4a42; --none: #2a303a;
                --shadow: none;
            }

            /* Ground */
            *, *::before, *::after { box-sizing: border-box; }
            html { font: var(--body)/1.5 var(--font); background: var(--page); color: var(--text); -webkit-text-size-adjust: 100%; }
            body { margin: 0; min-height: 100vh; }
            h1, h2, p, dl, dd, ul, ol, figure, pre, fieldset { margin: 0; padding: 0; }
            ul, ol { list-style: none; }
            h1 { font-size: var(--huge); line-height: 1.25; letter-spacing: -0.015em; font-weight: 650; overflow-wrap: anywhere; }
            h2 { font-size: var(--large); line-height: 1.4; font-weight: 600; }
            a { color: var(--accent); text-decoration: none; }
            a:hover { text-decoration: underline; }
            p a:not(.button), .rows a:not(:has(strong)) { text-decoration: underline; text-underline-offset: 2px; }
            strong { font-weight: 600; }
            small { font-size: 0.62em; color: var(--muted); font-weight: 500; }
            code, pre, .id { font-family: var(--mono); font-size: 0.9em; overflow-wrap: anywhere; }
            .panel > p + form, .panel > p + p, .facts + .callout, .log + p { margin-top: var(--s3); }
            .panel > form.stack { max-width: 760px; }
            .panel > h2 { margin-bottom: var(--s4); }
            hr { border: 0; border-top: 1px solid var(--line); margin: var(--s5) 0; }
            fieldset { border: 0; min-width: 0; }
            legend { padding: 0; font-weight: 600; margin-bottom: var(--s2); }
            legend + .hint { margin-bottom: var(--s2); }
            :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
            main:focus { outline: none; }
            main > div:empty { display: none; }
            main > #dialogs { display: contents; }
            fieldset.stack { border: 0; min-width: 0; }
            .row-actions { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; }
            @media (min-width: 721px) { .rows .row-actions { flex: none; } }
            [hidden] { display: none !important; }
            .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
            .muted, .sub, .hint { color: var(--muted); }
            .sub { display: block; font-size: var(--small); overflow-wrap: anywhere; }
            .hint { font-size: var(--small); }
            .icon { flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
            .skip { position: fixed; top: -100px; left: var(--s4); z-index: 20; padding: var(--s2) var(--s4); background: var(--surface); border-radius: var(--radius); }
            .skip:focus { top: var(--s4); }

            /* Frame */
            .frame { display: grid; grid-template-columns: 236px minmax(0, 1fr); min-height: 100vh; }
            .side { display: flex; flex-direction: column; gap: var(--s5); padding: var(--s5) var(--s3) var(--s4); border-right: 1px solid var(--line); background: var(--surface); position: sticky; top: 0; height: 100vh; overflow-y: auto; }
            .brand { display: inline-flex; align-items: center; gap: var(--s2); font-weight: 680; font-size: var(--large); color: var(--text); padding: 0 var(--s2); letter-spacing: -0.01em; }
            .brand:hover { text-decoration: none; }
            .logo-back { fill: var(--accent); }
            .logo-line { fill: none; stroke: var(--on-accent); stroke-width: 1.5; }
            nav ul { display: grid; gap: 2px; }
            .side nav ul + ul { margin-top: var(--s3); padding-top: var(--s3); border-top: 1px solid var(--line); }
            .side nav a { display: flex; align-items: center; gap: var(--s3); padding: 7px var(--s2); border-radius: 7px; color: var(--muted); font-weight: 500; min-height: 36px; }
            .side nav a:hover { background: var(--sunken); color: var(--text); text-decoration: none; }
            .side nav a[aria-current] { background: var(--accent-soft); color: var(--accent); }
            .side .viewer { margin-top: auto; }
            .menu { display: none; }
            main { padding: var(--s6) clamp(var(--s4), 3vw, var(--s7)) var(--s7); width: 100%; max-width: 1680px; display: grid; gap: var(--s5); align-content: start; grid-template-columns: minmax(0, 1fr); }
            .title { display: flex; flex-wrap: wrap; gap: var(--s3) var(--s5); justify-content: space-between; align-items: flex-start; }
            .lead { color: var(--muted); margin-top: var(--s1); display: flex; gap: var(--s2); align-items: center; flex-wrap: wrap; }
            .actions { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; }
            .stack > .actions { justify-content: flex-end; }
            .viewer { position: relative; }
            .viewer summary { width: 100%; justify-content: flex-start; }
            summary { list-style: none; cursor: pointer; }
            summary::-webkit-details-marker { display: none; }
            .popover { position: absolute; bottom: calc(100% + var(--s2)); left: 0; z-index: 10; width: 228px; padding: var(--s4); background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 8px 28px rgb(15 23 42 / 16%); display: grid; gap: var(--s3); }
            .side:has(.viewer[open]) { overflow: visible; }
            .who { display: grid; overflow-wrap: anywhere; }
            .plain { max-width: 1080px; margin: 0 auto; padding: var(--s5) var(--s4) var(--s7); }
            .plain.narrow { max-width: 440px; padding-top: min(12vh, 96px); }
            .plain main { padding: 0; }
            .plain-head { display: flex; justify-content: space-between; align-items: center; margin-bottom: var(--s5); }
            .plain .brand { padding: 0; }
            .plain .popover { bottom: auto; top: calc(100% + var(--s2)); left: auto; right: 0; }

            /* Panels, tiles, pieces */
            .panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s5); box-shadow: var(--shadow); min-width: 0; }
            .panel.list { padding: 0; overflow: hidden; }
            .panel-head { display: flex; justify-content: space-between; align-items: baseline; gap: var(--s4); margin-bottom: var(--s4); }
            .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: var(--s5); align-items: start; }
            .columns > .panel { height: 100%; }
            .columns.wide-first { grid-template-columns: minmax(0, 1fr); }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 176px), 1fr)); gap: var(--s4); }
            .tile { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s4) var(--s5); box-shadow: var(--shadow); min-height: 138px; }
            .tile dt { color: var(--muted); font-size: var(--small); font-weight: 500; }
            .tile dd { display: grid; gap: 2px; margin-top: var(--s1); font-size: var(--small); }
            .figure { font-size: 1.875rem; font-weight: 650; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .tile.bad .muted, .tile.bad .muted a { color: var(--bad); font-weight: 550; }
            .tile.warning .muted, .tile.warning .muted a { color: var(--warning); font-weight: 550; }
            .badge { display: inline-flex; vertical-align: middle; align-items: center; gap: 6px; padding: 1px 9px 1px 8px; margin-right: var(--s1); border-radius: 99px; font-size: var(--small); font-weight: 550; white-space: nowrap; background: var(--sunken); color: var(--muted); }
            .badge::before { content: ""; width: 6px; height: 6px; border-radius: 50%; background: currentColor; }
            .badge.good { background: var(--good-soft); color: var(--good); }
            .badge.warning { background: var(--warning-soft); color: var(--warning); }
            .badge.bad { background: var(--bad-soft); color: var(--bad); }
            .badge.active { background: var(--accent-soft); color: var(--accent); }
            .badge.active::before { animation: pulse 1.6s ease-in-out infinite; }
            .dot { width: 9px; height: 9px; border-radius: 50%; background: var(--good-fill); }
            .dot.warning { background: var(--warning-fill); }
            .dot.none { background: var(--control); }
            .callout { padding: var(--s3) var(--s4); border-radius: var(--radius); border: 1px solid var(--line); background: var(--sunken); }
            .callout.warning { background: var(--warning-soft); border-color: transparent; color: var(--warning); }
            .callout.bad { background: var(--bad-soft); border-color: transparent; color: var(--bad); }
            .callout.good { background: var(--good-soft); border-color: transparent; color: var(--good); }
            .callout .muted { color: inherit; }
            .verdict { font-size: var(--large); padding: var(--s4) var(--s5); }
            .facts { display: grid; }
            .facts > div { display: grid; grid-template-columns: minmax(120px, 34%) minmax(0, 1fr); gap: var(--s4); padding: 7px 0; border-top: 1px solid var(--line); }
            .facts > div:first-child { border-top: 0; padding-top: 0; }
            .facts dt { color: var(--muted); overflow-wrap: anywhere; }
            .facts dd { overflow-wrap: anywhere; }
            .rows > li { display: flex; gap: var(--s3); align-items: center; justify-content: space-between; padding: var(--s3) 0; border-top: 1px solid var(--line); }
            .rows > li:first-child { border-top: 0; padding-top: 0; }
            .rows > li:last-child { padding-bottom: 0; }
            .rows > li > div { min-width: 0; flex: 1; }
            .rows.boxed { border: 1px solid var(--line); border-radius: var(--radius); }
            .rows.boxed > li, .rows.boxed > li:first-child, .rows.boxed > li:last-child { padding: var(--s3) var(--s4); }
            .times > li { display: flex; justify-content: space-between; gap: var(--s4); padding: 7px 0; border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
            .times > li:first-child { border-top: 0; padding-top: 0; }
            .empty { padding: var(--s6) var(--s5); text-align: center; color: var(--muted); display: grid; gap: var(--s2); justify-items: center; text-wrap: balance; }
            .empty p { max-width: 56ch; }
            .empty-title { color: var(--text); font-weight: 600; font-size: var(--large); }
            .empty > .button { margin-top: var(--s2); }

            /* Tables, as cards where it is narrow */
            table { width: 100%; border-collapse: collapse; }
            th, td { text-align: left; padding: 11px var(--s4); vertical-align: top; }
            .list th:first-child, .list td:first-child { padding-left: var(--s5); }
            .list th:last-child, .list td:last-child { padding-right: var(--s5); }
            .panel:not(.list) th, .panel:not(.list) td { padding-inline: var(--s3); }
            .panel:not(.list) th:first-child, .panel:not(.list) td:first-child { padding-left: 0; }
            .panel:not(.list) th:last-child, .panel:not(.list) td:last-child { padding-right: 0; }
            th { font-size: var(--small); font-weight: 550; color: var(--muted); border-bottom: 1px solid var(--line); white-space: nowrap; }
            .list th { background: var(--sunken); }
            th a { color: inherit; }
            tbody tr + tr td { border-top: 1px solid var(--line); }
            tbody tr:hover td { background: color-mix(in srgb, var(--sunken) 55%, transparent); }
            td { overflow-wrap: anywhere; }
            td time { white-space: nowrap; }
            @media (min-width: 721px) { td:has(> strong, > a > strong) { min-width: 170px; } td:has(> a) { min-width: 96px; } }
            .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            td.number:has(.meter), td.number:has(.why) { white-space: normal; text-align: left; }
            .sort::after { content: " ↕"; opacity: 0.45; }
            [aria-sort="ascending"] .sort::after { content: " ↑"; opacity: 1; }
            [aria-sort="descending"] .sort::after { content: " ↓"; opacity: 1; }
            .why { color: var(--bad); font-size: var(--small); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; max-width: 34ch; }
            .pages { display: flex; gap: var(--s2); justify-content: flex-end; padding: var(--s3) var(--s5); border-top: 1px solid var(--line); }
            .filter { display: flex; flex-wrap: wrap; gap: var(--s3); align-items: flex-end; }
            .filter .field { flex: 1 1 140px; max-width: 220px; }
            .filter select, .filter input:not([type="checkbox"]), .filter .button { height: 38px; }

            /* Forms */
            .button { display: inline-flex; align-items: center; justify-content: center; gap: var(--s2); min-height: 36px; padding: 6px 14px; border: 1px solid var(--control); border-radius: 8px; background: var(--surface); color: var(--text); font: inherit; font-weight: 550; cursor: pointer; white-space: nowrap; }
            .button:hover { background: var(--sunken); text-decoration: none; }
            .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
            .button.primary:hover { filter: brightness(1.08); }
            .button.danger { background: var(--bad); border-color: var(--bad); color: var(--surface); }
            .button.quiet { border-color: transparent; background: none; color: var(--muted); }
            .button.quiet:hover { background: var(--sunken); color: var(--text); }
            .button.small { min-height: 30px; padding: 3px 11px; font-size: var(--small); }
            .button.block { width: 100%; min-height: 42px; }
            .button:disabled { opacity: 0.45; cursor: not-allowed; }
            .button[aria-current] { background: var(--accent-soft); color: var(--accent); border-color: var(--accent); }
            .segments { display: inline-flex; }
            .segments .button { border-radius: 0; margin-left: -1px; }
            .segments .button:first-child { border-radius: 8px 0 0 8px; }
            .segments .button:last-child { border-radius: 0 8px 8px 0; }
            .danger-text { color: var(--bad); }
            .button.quiet.danger-text { color: var(--bad); }
            .stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--s4); }
            .inline { display: flex; flex-wrap: wrap; gap: var(--s3); align-items: flex-end; margin-top: var(--s5); }
            .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 180px), 1fr)); gap: var(--s4); }
            .field { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--s1); min-width: 0; align-content: start; }
            label { font-weight: 550; font-size: var(--small); }
            input:not([type="checkbox"], [type="radio"]), select, textarea { width: 100%; min-width: 0; min-height: 36px; padding: 6px 10px; border: 1px solid var(--control); border-radius: 8px; background: var(--surface); color: var(--text); font: inherit; }
            input:focus-visible, select:focus-visible, textarea:focus-visible { outline-offset: 0; border-radius: 8px; }
            [aria-invalid="true"] { border-color: var(--bad) !important; }
            .field-error:empty, .form-error:empty { display: none; }
            .field-error, .form-error { color: var(--bad); font-size: var(--small); }
            .check { display: flex; gap: var(--s2); align-items: flex-start; font-weight: 400; font-size: var(--body); padding: var(--s1) 0; }
            .check input { width: 18px; height: 18px; margin: 2px 0 0; accent-color: var(--accent); flex: none; }
            dialog { width: min(560px, calc(100vw - 32px)); max-height: calc(100dvh - 32px); padding: var(--s5); border: 1px solid var(--line); border-radius: 14px; background: var(--surface); color: var(--text); box-shadow: 0 20px 60px rgb(0 0 0 / 30%); overflow-y: auto; }
            dialog::backdrop { background: rgb(10 14 20 / 50%); }
            dialog > h2 { margin-bottom: var(--s4); }
            .snippet { display: flex; align-items: flex-start; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; }
            .snippet pre { flex: 1; min-width: 0; padding: var(--s4); overflow-x: auto; line-height: 1.55; }
            .snippet .button { margin: var(--s2) var(--s2) 0 0; }
            .snippet:has(.short) { align-items: center; }
            .snippet .short { white-space: pre-wrap; }
            .snippet:has(.short) .button { margin-top: 0; }
            .waiting { display: flex; gap: var(--s3); align-items: center; color: var(--muted); }
            .pulse { width: 10px; height: 10px; border-radius: 50%; background: var(--accent); animation: pulse 1.4s ease-in-out infinite; flex: none; }
            @keyframes pulse { 50% { opacity: 0.25; } }

            /* First run */
            .steps { display: grid; max-width: 760px; }
            .step { display: grid; grid-template-columns: 34px minmax(0, 1fr); gap: var(--s4); padding-bottom: var(--s5); position: relative; }
            .step:not(:last-child)::before { content: ""; position: absolute; left: 16px; top: 34px; bottom: 0; width: 2px; background: var(--line); }
            .step.done:not(:last-child)::before { background: var(--good-fill); }
            .step-mark { width: 34px; height: 34px; border-radius: 50%; display: grid; place-items: center; border: 2px solid var(--line); background: var(--page); color: var(--muted); font-weight: 600; z-index: 1; }
            .step.done .step-mark { background: var(--good-soft); border-color: var(--good-fill); color: var(--good); }
            .step.current .step-mark { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
            .step > div { padding-top: 4px; display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--s3); min-width: 0; }
            .step:not(.current, .done) h2 { color: var(--muted); font-weight: 500; }
            .step.current > div { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s4) var(--s5) var(--s5); box-shadow: var(--shadow); margin-top: -6px; }

            .verdict-panel { display: grid; grid-template-columns: minmax(220px, 1fr) minmax(0, 2fr); gap: var(--s4) var(--s6); align-items: center; min-height: 96px; padding-block: var(--s4); }
            .verdict-words { display: flex; gap: var(--s3); align-items: center; font-size: var(--large); }
            .verdict-words .dot { flex: none; width: 12px; height: 12px; }
            .live-runs { display: flex; gap: var(--s5); height: 76px; overflow: auto hidden; }
            .live-runs > li { flex: 0 0 min(400px, 100%); min-width: 0; }
            .live-runs > li > p { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }

            /* Progress */
            progress { appearance: none; width: 100%; height: 8px; border: 0; border-radius: 99px; background: var(--none); overflow: hidden; display: block; }
            progress::-webkit-progress-bar { background: var(--none); border-radius: 99px; }
            progress::-webkit-progress-value { background: var(--accent); border-radius: 99px; transition: width 0.4s; }
            progress::-moz-progress-bar { background: var(--accent); }
            .meter { min-width: 150px; }
            .meter progress { margin: 7px 0 5px; }
            .meter p { display: flex; flex-wrap: wrap; gap: 0 var(--s3); min-height: 1.5em; font-size: var(--small); color: var(--muted); font-variant-numeric: tabular-nums; }
            @media (min-width: 721px) { td .meter p { flex-wrap: nowrap; white-space: nowrap; } }
            @media (min-width: 721px) and (max-width: 1599px) { td .meter [data-part="speed"] { display: none; } }
            .meter [data-part="percent"] { color: var(--text); font-weight: 600; min-width: 4ch; }
            .stages { display: grid; gap: 18px; margin-top: var(--s4); }
            .stage { position: relative; padding: 6px var(--s3); border: 1px solid var(--line); border-radius: 8px; display: flex; flex-wrap: wrap; gap: 0 var(--s4); justify-content: space-between; font-size: var(--small); color: var(--muted); }
            .stage + .stage::before { content: ""; position: absolute; left: calc(50% - 4px); top: -14px; width: 7px; height: 7px; border: solid var(--control); border-width: 2px 2px 0 0; transform: rotate(135deg); }
            .stage-name { font-weight: 600; color: var(--text); overflow-wrap: anywhere; }
            .stage.limit { border-color: var(--warning-fill); background: var(--warning-soft); color: var(--warning); }
            .stage.current { border-color: var(--accent); background: var(--accent-soft); color: var(--accent); }
            .load { fill: var(--accent); }

            /* Pictures */
            .scroll-end { overflow-x: auto; direction: rtl; border-radius: 4px; }
            .scroll-end > div { direction: ltr; width: max-content; min-width: 100%; }
            .calendar { display: block; }
            .calendar text { font: 10px var(--font); fill: var(--muted); }
            @media (min-width: 1000px) { .calendar { width: 100%; height: auto; } }
            @media (min-width: 1500px) { .calendar text { font-size: 7px; } }
            @media (min-width: 2200px) { .calendar text { font-size: 5.5px; } }
            .calendar .none { fill: var(--none); } .calendar .good { fill: var(--good-fill); } .calendar .warning { fill: var(--warning-fill); } .calendar .bad { fill: var(--bad-fill); }
            .calendar rect:hover { stroke: var(--text); }
            .legend { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s1) var(--s4); font-size: var(--small); color: var(--muted); margin-top: var(--s3); }
            .legend > span { display: inline-flex; align-items: center; gap: 6px; white-space: nowrap; }
            .key { width: 11px; height: 11px; border-radius: 2px; background: var(--none); }
            .key.good { background: var(--good-fill); } .key.warning { background: var(--warning-fill); } .key.bad { background: var(--bad-fill); }
            .chart figcaption { display: flex; justify-content: space-between; margin-bottom: var(--s2); color: var(--muted); }
            .chart figcaption strong { color: var(--text); font-variant-numeric: tabular-nums; }
            .plot { position: relative; border-bottom: 1px solid var(--line); background: linear-gradient(var(--line), var(--line)) 0 0 / 100% 1px no-repeat; padding-top: 1px; }
            .plot svg { display: block; width: 100%; height: 128px; }
            .tall .plot svg { height: 180px; }
            .axis { position: absolute; top: 3px; left: 0; font-size: 0.75rem; color: var(--muted); background: var(--surface); padding-right: var(--s1); }
            .range { display: flex; justify-content: space-between; gap: var(--s2); flex-wrap: wrap; font-size: 0.75rem; color: var(--muted); margin-top: var(--s1); font-variant-numeric: tabular-nums; }
            .chart path { fill: none; vector-effect: non-scaling-stroke; }
            .chart .line { stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
            .chart .dots { stroke: var(--accent); stroke-width: 5; stroke-linecap: round; }
            .chart .failed { stroke: var(--bad-fill); stroke-width: 3; }
            .chart .band { fill: var(--accent-soft); }
            .chart .area { fill: var(--accent-soft); }
            td:has(.strip) { width: 32%; }
            .strip { display: block; width: 100%; min-width: 180px; height: 26px; }
            .strip .none { fill: var(--none); } .strip .good { fill: var(--good-fill); } .strip .warning { fill: var(--warning-fill); } .strip .bad { fill: var(--bad-fill); }
            .shares { display: grid; gap: var(--s3); }
            .shares li { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 2px var(--s4); }
            .shares svg { grid-column: 1 / -1; grid-row: 2; width: 100%; height: 8px; border-radius: 4px; background: var(--none); }
            .share-name { overflow-wrap: anywhere; font-weight: 550; }
            .log { max-height: 480px; overflow: auto; font: var(--small)/1.6 var(--mono); background: var(--sunken); border-radius: 8px; padding: var(--s3) var(--s4); }
            .log li { display: grid; grid-template-columns: 9ch 8ch minmax(0, 1fr); gap: var(--s2); white-space: pre-wrap; overflow-wrap: anywhere; }
            .log time, .log .level { color: var(--muted); }
            .log .bad, .log .bad .level { color: var(--bad); } .log .warning, .log .warning .level { color: var(--warning); }
            .components > li { padding: var(--s4) 0; border-top: 1px solid var(--line); }
            .components > li:first-child { border-top: 0; padding-top: 0; }
            .component-head { display: flex; justify-content: space-between; gap: var(--s4); margin-bottom: var(--s2); }
            .incidents { display: grid; gap: var(--s4); }
            .incidents p:nth-child(2) { white-space: pre-wrap; overflow-wrap: anywhere; }

            /* Live notices: over the page, so that nothing moves */
            .toasts { position: fixed; right: var(--s5); bottom: var(--s5); z-index: 30; display: grid; gap: var(--s2); max-width: min(420px, calc(100vw - 32px)); }
            .toast { padding: var(--s3) var(--s4); background: var(--text); color: var(--page); border-radius: var(--radius); overflow-wrap: anywhere; }
            .toast-close { float: right; min-width: 28px; min-height: 28px; margin: -2px -6px 0 8px; padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
            .stream-lost { position: fixed; left: 50%; bottom: var(--s4); transform: translateX(-50%); z-index: 25; padding: 6px var(--s4); border-radius: 99px; background: var(--warning-soft); color: var(--warning); font-size: var(--small); font-weight: 550; max-width: calc(100vw - 32px); }
            .stream-lost:empty { display: none; }

            @media (min-width: 1360px) { .columns.wide-first { grid-template-columns: minmax(0, 2fr) minmax(300px, 1fr); } }
            @media (min-width: 2200px) { html { font-size: 106.25%; } main { max-width: 2292px; } .frame { grid-template-columns: 268px minmax(0, 1fr); } .popover { width: 244px; } }
            @media (min-width: 1001px) { html { scrollbar-gutter: stable; } }
            @media (max-width: 1000px) {
                .frame { display: block; }
                .side { position: static; height: auto; flex-direction: row; align-items: center; justify-content: space-between; gap: var(--s2); padding: var(--s3) var(--s4); border-right: 0; border-bottom: 1px solid var(--line); overflow: visible; }
                .side .viewer { margin: 0; } .side .brand { margin-right: auto; }
                .wide { display: none; } .menu { display: block; position: relative; order: 2; }
                .menu nav { position: absolute; right: 0; top: calc(100% + var(--s2)); z-index: 15; width: 244px; padding: var(--s3); background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 8px 28px rgb(15 23 42 / 16%); }
                .side .popover { bottom: auto; top: calc(100% + var(--s2)); left: auto; right: 0; }
                .side .viewer summary span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
                main { padding-top: var(--s5); }
            }
            @media (max-width: 720px) {
                .panel, .tile { padding: var(--s4); }
                table, thead, tbody, tr, td { display: block; }
                thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
                tbody tr { padding: var(--s3) var(--s4); border-top: 1px solid var(--line); }
                tbody tr:first-child { border-top: 0; }
                tbody tr + tr td { border-top: 0; }
                .panel:not(.list) tbody tr { padding: var(--s3) 0; }
                .panel:not(.list) tbody tr:first-child { padding-top: 0; }
                .list td, .list td:first-child, .list td:last-child, .panel:not(.list) td { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 0 var(--s3); padding: 3px 0; text-align: left; white-space: normal; }
                td::before { content: attr(data-label); color: var(--muted); font-size: var(--small); grid-row: 1; }
                td > * { grid-column: 2; justify-self: start; }
                .strip { min-width: 0; }
                td .meter p { min-height: 3em; align-content: start; }
                .rows > li:has(> .row-actions, > .badge, > form) { flex-direction: column; align-items: flex-start; gap: var(--s2); }
                .title .actions > .quiet:first-child { margin-left: -14px; }
                .chart .range span:nth-child(2) { order: 1; flex-basis: 100%; text-align: center; }
                .log li { grid-template-columns: 9ch minmax(0, 1fr); gap: 0 var(--s2); }
                .log li > :last-child { grid-column: 1 / -1; margin-bottom: var(--s1); }
                .snippet { flex-direction: column; align-items: stretch; }
                .snippet .button { align-self: flex-end; margin: 0 var(--s2) var(--s2); }
                td:has(.strip) { width: auto; }
                td:empty { display: none !important; }
                td > .meter, td > .strip { justify-self: stretch; }
                .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: var(--s3); }
                .verdict-panel { grid-template-columns: minmax(0, 1fr); min-height: 0; }
                .live-runs { height: 92px; }
                .tile:last-child:nth-child(odd) { grid-column: 1 / -1; min-height: 0; }
                .figure { font-size: 1.5rem; }
                .facts > div { grid-template-columns: 130px minmax(0, 1fr); gap: var(--s2); }
                .filter .field { flex: 1 1 130px; }
                .title .actions { width: 100%; }
                .step { grid-template-columns: 34px minmax(0, 1fr); gap: var(--s3); }
                .step.current > div { padding: var(--s4); }
                .toasts { right: var(--s4); bottom: var(--s4); }
            }
            @media (pointer: coarse) { .button, .button.small, input:not([type="checkbox"], [type="radio"]), select { min-height: 44px; } .side nav a { min-height: 44px; } }
            @media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; } }
            @media (forced-colors: active) { .badge, .tile, .panel { border: 1px solid CanvasText; } }

            """##),
        Asset(
            name: "dashboard.js", type: "text/javascript; charset=utf-8", text: ##"""
            // What pages do beyond being read. Each module finds its own elements; without JavaScript pages still show everything.
            import { listenForForms } from "./forms.js";
            import { listenForDialogs } from "./dialogs.js";
            import { openStream } from "./live.js";

            listenForForms();
            listenForDialogs();
            if (document.querySelector("#stream-lost")) openStream();

            """##),
        Asset(
            name: "dialogs.js", type: "text/javascript; charset=utf-8", text: ##"""
            import { clearErrors, fit } from "./forms.js";
            import { notice } from "./notice.js";

            /** Dialogs, names to be typed before a dangerous act, and texts to be copied. One listener for pages that change. */
            export function listenForDialogs() {
                document.addEventListener("click", (event) => {
                    const button = event.target.closest("button");
                    if (!button) return;
                    if (button.dataset.opens) open(document.getElementById(button.dataset.opens));
                    if ("closes" in button.dataset) button.closest("dialog")?.close();
                    if (button.dataset.copies) copy(document.getElementById(button.dataset.copies));
                });
                document.addEventListener("input", (event) => {
                    const form = event.target.closest("form[data-confirm]");
                    if (!form || !("confirms" in event.target.dataset)) return;
                    allow(form, form.dataset.confirm !== "" && event.target.value === form.dataset.confirm);
                });
                for (const kind of ["change", "input"]) {
                    document.addEventListener(kind, (event) => {
                        if (["target_id", "database"].includes(event.target.name)) follow(event.target.form);
                    });
                }
                // Comes to the dialog only, and to whoever listens on the way there.
                document.addEventListener("close", (event) => reset(event.target), true);
                // A menu closes when something beside it is chosen, and by Escape.
                document.addEventListener("click", (event) => closeMenus(event.target));
                document.addEventListener("keydown", (event) => {
                    if (event.key !== "Escape") return;
                    const open = document.querySelector("details.menu[open], details.viewer[open]");
                    open?.querySelector("summary").focus();
                    closeMenus(null);
                });
            }

            function open(dialog) {
                dialog?.showModal();
                dialog?.querySelectorAll("form").forEach(follow);
            }

            function allow(form, isAllowed) {
                form.querySelectorAll("button:not([data-closes])").forEach((button) => { button.disabled = !isAllowed; });
            }

            /** What a restore would replace, and whose name is to be typed, is what is chosen. What was typed before was about something else. */
            function follow(form) {
                const words = form.querySelector("[data-replaced]");
                if (!words) return;
                const select = form.elements.target_id;
                const to = select.selectedOptions[0];
                const name = to?.dataset.name ?? "";
                const database = form.elements.database.value.trim() || (to?.dataset.database ?? "");
                const place = name ? to.textContent : select.dataset.none;
                const replaced = database ? `${database} (${place})` : place;
                words.textContent = words.dataset.replaced.replace("{}", () => replaced);
                form.dataset.confirm = name;
                form.querySelector("[data-typed]").textContent = name;
                form.querySelector("[data-confirms]").value = "";
                allow(form, false);
            }

            /** What was shown once is nowhere afterwards, and a name is typed anew each time. What else was typed stays. */
            function reset(dialog) {
                const shown = [...dialog.querySelectorAll("[data-fill]")];
                if (shown.length === 0 && !dialog.querySelector("[data-confirms]")) return;
                for (const element of shown) {
                    element.textContent = "…";
                    delete element.dataset.filled;
                }
                dialog.querySelectorAll("[data-waits-for]").forEach((element) => { delete element.dataset.id; });
                dialog.querySelectorAll("[data-revealed]").forEach((element) => { element.hidden = true; delete element.dataset.revealed; });
                for (const form of dialog.querySelectorAll("form")) {
                    form.hidden = false;
                    form.reset();
                    clearErrors(form);
                    fit(form);
                    if (form.dataset.confirm !== undefined) allow(form, false);
                }
                // What was made in it is on the page's fresh parts.
                dispatchEvent(new Event("changed"));
            }

            function closeMenus(target) {
                document.querySelectorAll("details.menu[open], details.viewer[open]").forEach((menu) => {
                    if (!target || !menu.contains(target)) menu.open = false;
                });
            }

            async function copy(element) {
                if (!element) return;
                try {
                    await navigator.clipboard.writeText(element.textContent);
                    notice(document.body.dataset.copied);
                } catch {
                    // No permission, or no TLS: it is marked instead, and the keyboard copies it.
                    getSelection().selectAllChildren(element);
                }
            }

            """##),
        Asset(
            name: "forms.js", type: "text/javascript; charset=utf-8", text: ##"""
            import { notice } from "./notice.js";

            /** Codes whose texts say which of several things it is. */
            const tellsMore = ["CONFLICT", "PRECONDITION_FAILED", "RESOURCE_NOT_FOUND"];

            /** Sends forms with `data-api="METHOD PATH"` to the REST API as JSON. One request of a form at a time. */
            export function listenForForms() {
                document.addEventListener("submit", (event) => {
                    const form = event.target;
                    if (!form.dataset.api) return;
                    event.preventDefault();
                    if (form.getAttribute("aria-busy") !== "true") send(form);
                });
                // Fields that belong to one choice only.
                document.addEventListener("change", (event) => { if (event.target.form) fit(event.target.form); });
                document.querySelectorAll("form").forEach(fit);
                takeFragment();
                addEventListener("hashchange", takeFragment);
            }

            /** What is behind the # is sent to nobody: a token that is good once comes so. */
            function takeFragment() {
                for (const place of document.querySelectorAll("[data-fragment]")) {
                    if (location.hash.length < 2) continue;
                    place.querySelector("input").value = location.hash.slice(1);
                    place.hidden = true;
                }
            }

            export function fit(form) {
                for (const group of form.querySelectorAll("fieldset[data-when]")) {
                    const [name, value] = group.dataset.when.split("=");
                    group.hidden = group.disabled = form.elements[name]?.value !== value;
                }
            }

            async function send(form) {
                let [method, path] = form.dataset.api.split(" ");
                path ??= form.querySelector("[data-routes]")?.selectedOptions[0]?.dataset.path;
                form.setAttribute("aria-busy", "true");
                clearErrors(form);
                try {
                    // The same press twice makes one run.
                    form.dataset.key ??= crypto.randomUUID?.() ?? String(Math.random());
                    let { response, answer } = await request(method, path, values(form, (input) => !("later" in input.dataset)), form.dataset.key);
                    if (response.ok && form.dataset.after) {
                        const [method, path] = filled(form.dataset.after, answer).split(" ");
                        const taken = (form.dataset.takes ?? "").split(" ");
                        const next = await request(method, path, values(form, (input) => taken.includes(input.name)), form.dataset.key + "+");
                        if (!next.response.ok) return fail(form, next.response, next.answer.error ?? {});
                        answer = next.answer;
                    }
                    if (response.ok) succeed(form, answer);
                    else fail(form, response, answer.error ?? {});
                } catch {
                    show(form, document.body.dataset.unreachable);
                } finally {
                    form.removeAttribute("aria-busy");
                }
            }

            async function request(method, path, body, key) {
                // Read each time: it is another one after somebody has signed in in another tab.
                const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
                const headers = { "Accept": "application/json", "X-CSRF-Token": token };
                const isBare = method === "GET" || method === "DELETE";
                if (!isBare) headers["Content-Type"] = "application/json";
                if (/\/(run|restore)$/.test(path)) headers["Idempotency-Key"] = key;
                const response = await fetch(path, {
                    method, headers, credentials: "same-origin", signal: AbortSignal.timeout(60000), body: isBare ? undefined : JSON.stringify(body),
                });
                return { response, answer: response.status === 204 ? {} : await response.json().catch(() => ({})) };
            }

            /** The document that the API takes. A name with dots is a value within values; what is empty is left out. */
            function values(form, isWanted) {
                const document = {};
                for (const input of form.elements) {
                    if (!input.name || input.matches(":disabled") || !isWanted(input)) continue;
                    if (input.dataset.kind === "choice") {
                        document[input.name] ??= [];
                        if (input.checked) document[input.name].push(input.value);
                        continue;
                    }
                    if (input.type === "radio" && !input.checked) continue;
                    const value = read(input);
                    if (value === undefined) continue;
                    if (input.dataset.kind === "mode") {
                        document[value] = true;
                        continue;
                    }
                    const names = input.name.split(".");
                    const last = names.pop();
                    let place = document;
                    for (const name of names) place = place[name] ??= {};
                    place[last] = value;
                }
                return document;
            }

            function read(input) {
                switch (input.dataset.kind) {
                    case "flag": return input.type === "checkbox" ? input.checked : input.value === "true";
                    case "number": return input.value === "" ? undefined : Number(input.value);
                    case "emptiable": return input.value;
                    case "list": return input.value.split("\n").map((line) => line.trim()).filter(Boolean);
                    default: return input.value === "" ? undefined : input.value;
                }
            }

            function filled(template, answer) {
                return template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(answer[name] ?? "")));
            }

            function succeed(form, answer) {
                delete form.dataset.key;
                const { shows, says, then } = form.dataset;
                // A test that was made, and failed, is a success to HTTP.
                if ([answer.is_reachable, answer.is_usable, answer.is_sent].includes(false)) return show(form, answer.error?.message ?? document.body.dataset.failed);
                if (says) return notice(says);
                if (shows) return reveal(document.getElementById(shows), form, answer);
                if (then === undefined || then === "") return location.reload();
                // Only to http(s): an answer can't make the page run something.
                const url = new URL(then === "{url}" ? String(answer.url ?? "") : filled(then, answer), location.href);
                if (url.protocol === "https:" || url.protocol === "http:") location.assign(url);
            }

            /** What is shown once: it is in the answer, and on no page. */
            function reveal(place, form, answer) {
                if (!place) return;
                place.querySelectorAll("[data-fill]").forEach((element) => {
                    element.textContent = answer[element.dataset.fill] ?? "";
                    element.dataset.filled = "";
                });
                place.querySelectorAll("[data-waits-for]").forEach((element) => { element.dataset.id = answer.id ?? answer.agent?.id ?? ""; });
                if (place instanceof HTMLDialogElement) {
                    form.closest("dialog")?.close();
                    return place.showModal();
                }
                form.hidden = true;
                place.hidden = false;
                place.dataset.revealed = "";
                place.tabIndex = -1;
                place.focus();
            }

            function fail(form, response, error) {
                // Another try is another request, unless this one was never answered.
                delete form.dataset.key;
                if (response.status === 401 && !/^\/(login|setup)/.test(location.pathname)) {
                    return location.assign("/login?then=" + encodeURIComponent(location.pathname + location.search));
                }
                const second = form.dataset.second && document.getElementById(form.dataset.second);
                const problems = Array.isArray(error.details) ? error.details : [];
                // A second factor is asked for once the server wants it.
                if (second && (problems.some((problem) => problem.field === "code") || response.status === 401)) second.hidden = false;
                let first;
                const others = [];
                for (const { field: name, reason } of problems) {
                    const input = [...form.elements].find((element) => element.name === name && !element.matches(":disabled"));
                    const place = input?.closest(".field")?.querySelector("[data-error-for]");
                    if (!place) {
                        others.push(`${name}: ${reason}`);
                        continue;
                    }
                    input.setAttribute("aria-invalid", "true");
                    place.textContent = unfit(place, reason);
                    first ??= input;
                }
                show(form, [refusal(form, response, error), ...others].join(" "));
                first?.focus();
            }

            /** In the reader's language. What the server writes itself is English, and says more than its code in a few cases. */
            function refusal(form, response, error) {
                if (response.status === 401 && form.dataset.refused) return form.dataset.refused;
                if (isEnglish() && tellsMore.includes(error.code) && error.message) return error.message;
                if (error.code === "CONFLICT" && form.dataset.conflict) return form.dataset.conflict;
                // A refusal with a field is not about the role.
                const code = error.details?.length ? "VALIDATION_ERROR" : error.code;
                return document.body.getAttribute(`data-refusal-${String(code).toLowerCase().replaceAll("_", "-")}`) ?? error.message ?? document.body.dataset.failed;
            }

            /** What is wrong with a field: elsewhere than in English, what the form itself says of it. */
            function unfit(place, reason) {
                if (isEnglish()) return String(reason);
                return [document.body.dataset.unfit, place.closest(".field").querySelector(".hint")?.textContent].filter(Boolean).join(" ");
            }

            function isEnglish() { return document.documentElement.lang === "en"; }

            export function clearErrors(form) {
                form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
                form.querySelectorAll("[data-error-for], .form-error").forEach((place) => { place.textContent = ""; });
            }

            function show(form, text) {
                const place = form.querySelector(".form-error");
                if (place) place.textContent = text;
                else notice(text, true);
            }

            """##),
        Asset(
            name: "icon.svg", type: "image/svg+xml", text: ##"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#2a5bd7" d="M12 1.500l9.500 4.200v6.300c0 5.200-3.800 9.100-9.500 10.500-5.700-1.400-9.500-5.300-9.500-10.500V5.700z"/><path fill="none" stroke="#fff" stroke-width="1.600" d="M7.500 9.500c0-1.100 2-2 4.500-2s4.500.9 4.500 2-2 2-4.500 2-4.500-.9-4.500-2zM7.500 9.500V15c0 1.100 2 2 4.500 2s4.500-.9 4.500-2V9.500"/></svg>

            """##),
        Asset(
            name: "live.js", type: "text/javascript; charset=utf-8", text: ##"""
            // Pages follow the server's events. Progress goes into its bar; for all else the page is fetched again, and the parts that are
            // different take the place of the old ones: the server alone knows how things look.

            const events = ["agent.connected", "agent.disconnected", "agent.config.applied", "agent.discovered", "job.started", "job.completed",
                "job.failed", "job.cancelled", "job.late", "restore.completed", "restore.failed", "incident.opened", "incident.updated",
                "incident.resolved", "incident.check_down", "incident.check_up"];
            const place = document.getElementById("stream-lost");
            let source;
            let silence;
            let refresh;
            let renewed = 0;
            /** When the page was last renewed, and how many tries have failed since. */
            let updated = new Date();
            let failures = 0;
            let isSignedOut = false;
            /** The state of each run that progress was told of: with another state the page is another. */
            const states = new Map();

            export function openStream() {
                connect();
                // A tab that nobody sees needs no stream; it catches up when it is seen again.
                document.addEventListener("visibilitychange", () => {
                    if (document.hidden) source?.close();
                    else { connect(); soon(); }
                });
                // Something was done on the page itself.
                addEventListener("changed", soon);
                // Times pass without events, too.
                setInterval(() => { if (!document.hidden) soon(); }, 60000);
            }

            function connect() {
                source?.close();
                if (isSignedOut) return;
                source = new EventSource("/v1/events?topics=jobs,agents,restores,incidents");
                source.onopen = () => { if (place.textContent && failures < 2) { say(place.dataset.back); setTimeout(() => say(""), 3000); soon(); } };
                source.onerror = () => {
                    if (!isSignedOut) say(place.dataset.lost);
                    // A browser tries again by itself, unless the answer was an error.
                    if (source.readyState === EventSource.CLOSED) { clearTimeout(silence); silence = setTimeout(connect, 5000); }
                };
                for (const name of ["job.progress", "restore.progress"]) source.addEventListener(name, (event) => progress(parse(event)));
                for (const name of events) source.addEventListener(name, (event) => { arrived(name, parse(event)); soon(); });
            }

            function say(text) { if (place.textContent !== text) place.textContent = text; }

            function parse(event) {
                try { return JSON.parse(event.data) ?? {}; } catch { return {}; }
            }

            function progress(data) {
                const id = data.restore_id ?? data.run_id ?? data.id;
                for (const meter of document.querySelectorAll("[data-progress]")) {
                    if (meter.dataset.progress !== id) continue;
                    const state = `${data.status} ${data.step ?? ""}`;
                    if (states.get(id) !== state) soon();
                    states.set(id, state);
                    const percent = Math.min(100, Math.max(0, Number(data.progress_percent ?? data.percent) || 0));
                    meter.querySelector("progress").value = percent;
                    meter.querySelector('[data-part="percent"]').textContent = `${percent}\u00a0%`;
                    if (data.bytes_done !== undefined) meter.querySelector('[data-part="bytes"]').textContent = bytes(data.bytes_done);
                    times(meter, percent, data);
                }
            }

            /** Of the whole run so far, as the server has it. */
            function times(meter, percent, { elapsed_ms: elapsed, bytes_done: done }) {
                if (!(elapsed >= 2000)) return;
                const speed = meter.querySelector('[data-part="speed"]');
                if (done) speed.textContent = `${bytes(done * 1000 / elapsed)}/${speed.dataset.second}`;
                const left = meter.querySelector('[data-part="left"]');
                if (percent >= 5 && percent < 100) left.textContent = left.dataset.words.replace("{}", time(elapsed / 1000 * (100 - percent) / percent));
            }

            function time(seconds) {
                const [size, unit] = seconds < 60 ? [1, "second"] : seconds < 3600 ? [60, "minute"] : [3600, "hour"];
                return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit }).format(Math.floor(seconds / size));
            }

            function bytes(count) {
                const power = Math.min(5, Math.floor(Math.log10(Math.max(1, count)) / 3));
                const unit = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"][power];
                return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 })
                    .format(count / 1000 ** power);
            }

            /** The agent whose key is being shown has come. */
            function arrived(name, data) {
                for (const element of document.querySelectorAll("[data-waits-for]")) {
                    const isIt = element.dataset.waitsFor === name && element.dataset.id && element.dataset.id === data.agent_id;
                    if (isIt) location.assign(location.pathname === "/" ? "/" : element.dataset.then.replace("{id}", encodeURIComponent(data.agent_id)));
                }
            }

            /** Once for many events, and not all the time where there are always some. */
            function soon() { if (!isSignedOut) refresh ??= setTimeout(renew, Math.max(500, renewed + 3000 - Date.now())); }

            async function renew() {
                renewed = Date.now();
                try {
                    const response = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(20000) });
                    if (response.redirected && new URL(response.url).pathname === "/login") return leave();
                    if (!response.ok || response.redirected) return missed();
                    const page = new DOMParser().parseFromString(await response.text(), "text/html");
                    if (isOfAnother(page)) return location.reload();
                    for (const old of document.querySelectorAll("[data-live]")) {
                        const fresh = old.id && page.getElementById(old.id);
                        if (fresh && !old.isEqualNode(fresh) && !isInUse(old)) exchange(old, document.adoptNode(fresh));
                    }
                    if (failures > 1) say("");
                    failures = 0;
                    updated = new Date();
                } catch {
                    missed();
                } finally {
                    refresh = undefined;
                }
            }

            /** One may be lost; after the second the page says of when it is. */
            function missed() {
                failures += 1;
                if (failures === 1) return setTimeout(soon, 5000);
                say(place.dataset.stale.replace("{}", new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(updated)));
            }

            /** The session has ended, and what is shown is of then. */
            function leave() {
                isSignedOut = true;
                source?.close();
                say(place.dataset.signedOut + " ");
                const link = document.createElement("a");
                link.href = "/login?then=" + encodeURIComponent(location.pathname + location.search);
                link.textContent = place.dataset.signIn;
                place.append(link);
            }

            /** Whether somebody else has signed in since. If it is the same person, with his new session's token what he does is taken. */
            function isOfAnother(page) {
                const [mine, fresh] = [document, page].map((one) => one.querySelector('meta[name="csrf-token"]'));
                if (!mine || !fresh || mine.dataset.viewer !== fresh.dataset.viewer) return true;
                mine.content = fresh.content;
                return false;
            }

            /** What somebody types, has typed or has open stays, and what is shown once. */
            function isInUse(place) {
                const active = document.activeElement;
                return place.querySelector("dialog[open], form[aria-busy='true']") || (place.contains(active) && active.matches("input, select, textarea"))
                    || [...place.querySelectorAll("[data-filled]")].some((element) => element.getClientRects().length > 0)
                    || [...place.querySelectorAll("form")].some((form) => !form.closest("dialog:not([open])") && isDirty(form));
            }

            function isDirty(form) {
                return (form.querySelector(".form-error")?.textContent ?? "") !== "" || [...form.elements].some((input) => {
                    if (input.type === "hidden" || !input.name) return false;
                    if (input instanceof HTMLSelectElement) {
                        const usual = [...input.options].find((option) => option.defaultSelected) ?? input.options[0];
                        return input.selectedOptions[0] !== usual;
                    }
                    if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
                    return input.value !== (input.defaultValue ?? input.value);
                });
            }

            /** What a link or a button leads to, or does: never the place where it happens to be. */
            function identity(element) {
                const form = element.closest("form");
                const sent = form ? [...form.querySelectorAll("input[type='hidden']")].map((input) => `${input.name}=${input.value}`) : [];
                return JSON.stringify([element.tagName, element.id, element.getAttribute("href"), element.dataset.opens, element.dataset.copies,
                    element.getAttribute("aria-label"), form?.dataset.api, ...sent]);
            }

            /** The row that is being read: what comes in above it does not push it away. */
            function firstSeen(place) {
                if (place.getBoundingClientRect().top >= 0) return [];
                const row = [...place.querySelectorAll("[data-row]")].find((element) => element.getBoundingClientRect().top >= 0);
                return row ? [row.dataset.row, row.getBoundingClientRect().top] : [];
            }

            /** Where the keyboard is, and how far it was scrolled, stays so. */
            function exchange(old, fresh) {
                const places = "a[href], button, summary, [tabindex]";
                const ways = [...old.querySelectorAll(places)];
                const focused = old.contains(document.activeElement) && identity(document.activeElement);
                const scrolled = ways.map((element) => [element.scrollTop, element.scrollLeft]);
                const [row, top] = firstSeen(old);
                old.replaceWith(fresh);
                const seen = row && [...fresh.querySelectorAll("[data-row]")].find((element) => element.dataset.row === row);
                if (seen) scrollBy(0, seen.getBoundingClientRect().top - top);
                fresh.querySelectorAll(places).forEach((element, index) => {
                    const [top, left] = scrolled[index] ?? [0, 0];
                    if (top || left) element.scrollTo(left, top);
                });
                if (!focused) return;
                // Where it is gone, its neighbour would be pressed instead: the keyboard waits at the section.
                const same = [...fresh.querySelectorAll(places)].find((element) => identity(element) === focused);
                if (!same) fresh.tabIndex = -1;
                (same ?? fresh).focus({ preventScroll: true });
            }

            """##),
        Asset(
            name: "notice.js", type: "text/javascript; charset=utf-8", text: ##"""
            /** Shows `text` for a few seconds, an error until it is pressed away; a screen reader says it. Three at once at most. */
            export function notice(text, isError = false) {
                const place = region();
                if (!place || !text) return;
                while (place.children.length > 2) place.firstChild.remove();
                const toast = document.createElement("p");
                toast.className = "toast";
                toast.textContent = text;
                if (isError) {
                    toast.setAttribute("role", "alert");
                    const close = document.createElement("button");
                    close.type = "button";
                    close.className = "toast-close";
                    close.textContent = "×";
                    close.setAttribute("aria-label", document.body.dataset.close);
                    close.addEventListener("click", () => toast.remove());
                    toast.append(close);
                } else {
                    setTimeout(() => toast.remove(), 6000);
                }
                // A region that was just made is only listened to from now on.
                setTimeout(() => place.append(toast), 50);
            }

            /** What is outside of a dialog that is open is behind it, and silent. */
            function region() {
                const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
                if (!dialog) return document.getElementById("notices");
                let place = dialog.querySelector(":scope > .toasts");
                if (!place) {
                    place = document.createElement("div");
                    place.className = "toasts";
                    place.setAttribute("role", "status");
                    place.setAttribute("aria-live", "polite");
                    dialog.append(place);
                }
                return place;
            }

            """##),
    ]
}
