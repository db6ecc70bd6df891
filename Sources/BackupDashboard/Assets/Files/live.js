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
