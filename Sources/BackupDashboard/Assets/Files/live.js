// Pages follow the server's events. Progress goes straight into its bar; for everything else the page is fetched again, and those
// parts of it that are different take the place of the old ones. So the server alone knows how things look.

const events = ["agent.connected", "agent.disconnected", "agent.config.applied", "agent.discovered", "job.started", "job.completed",
    "job.failed", "job.cancelled", "job.late", "restore.completed", "restore.failed", "incident.opened", "incident.updated",
    "incident.resolved", "incident.check_down", "incident.check_up"];
const place = document.getElementById("stream-lost");
let source;
let silence;
let refresh;
let renewed = 0;
/** The state of each run that progress was told of: with another state the page is another. */
const states = new Map();

export function openStream() {
    connect();
    // A tab that nobody sees needs no stream; it catches up when it is seen again.
    document.addEventListener("visibilitychange", () => {
        if (document.hidden) source?.close();
        else { connect(); soon(); }
    });
    // Times pass without events, too.
    setInterval(() => { if (!document.hidden) soon(); }, 60000);
}

function connect() {
    source?.close();
    source = new EventSource("/v1/events?topics=jobs,agents,restores,incidents");
    source.onopen = () => { if (place.textContent) { say(place.dataset.back); setTimeout(() => say(""), 3000); soon(); } };
    source.onerror = () => {
        say(place.dataset.lost);
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
function soon() { refresh ??= setTimeout(renew, Math.max(500, renewed + 3000 - Date.now())); }

async function renew() {
    renewed = Date.now();
    try {
        const response = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(20000) });
        // Signed out meanwhile, or gone: that is another page.
        if (!response.ok || response.redirected) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const old of document.querySelectorAll("[data-live]")) {
            const fresh = old.id && page.getElementById(old.id);
            if (fresh && !old.isEqualNode(fresh) && !isInUse(old)) exchange(old, document.adoptNode(fresh));
        }
    } catch {
        // The next event asks again.
    } finally {
        refresh = undefined;
    }
}

/** What somebody types in, or has open, stays. */
function isInUse(place) {
    const active = document.activeElement;
    return place.querySelector("dialog[open], form[aria-busy='true']") || (place.contains(active) && active.matches("input, select, textarea"));
}

/** The row that is being read, where a list was scrolled into: what comes in above it does not push it away. */
function firstSeen(place) {
    if (place.getBoundingClientRect().top >= 0) return [];
    const row = [...place.querySelectorAll("[data-row]")].find((element) => element.getBoundingClientRect().top >= 0);
    return row ? [row.dataset.row, row.getBoundingClientRect().top] : [];
}

/** Where the keyboard is, and how far it was scrolled, stays so. */
function exchange(old, fresh) {
    const places = "a[href], button, summary, [tabindex]";
    const ways = [...old.querySelectorAll(places)];
    const focused = ways.indexOf(document.activeElement);
    const scrolled = ways.map((element) => [element.scrollTop, element.scrollLeft]);
    const [row, top] = firstSeen(old);
    old.replaceWith(fresh);
    const same = row && [...fresh.querySelectorAll("[data-row]")].find((element) => element.dataset.row === row);
    if (same) scrollBy(0, same.getBoundingClientRect().top - top);
    fresh.querySelectorAll(places).forEach((element, index) => {
        if (index === focused) element.focus({ preventScroll: true });
        const [top, left] = scrolled[index] ?? [0, 0];
        if (top || left) element.scrollTo(left, top);
    });
}
