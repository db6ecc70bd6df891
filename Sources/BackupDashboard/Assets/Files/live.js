// Pages follow the server's events. Progress goes straight into its bar; for everything else the page is fetched again, and those
// parts of it that are different take the place of the old ones. So the server alone knows how things look.

const events = ["agent.connected", "agent.disconnected", "agent.config.applied", "job.started", "job.completed", "job.failed",
    "restore.started", "restore.completed", "restore.failed", "incident.opened", "incident.resolved"];
const place = document.getElementById("stream-lost");
let source;
let silence;
let refresh;

export function openStream() {
    connect();
    // A tab that nobody sees needs no stream; it catches up when it is seen again.
    document.addEventListener("visibilitychange", () => {
        if (document.hidden) source?.close();
        else { connect(); soon(); }
    });
}

function connect() {
    source?.close();
    source = new EventSource("/v1/events?topics=jobs,agents,restores");
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
    const id = data.run_id ?? data.restore_id ?? data.id;
    for (const meter of document.querySelectorAll("[data-progress]")) {
        if (meter.dataset.progress !== id) continue;
        const percent = Math.min(100, Math.max(0, Number(data.progress_percent ?? data.percent) || 0));
        meter.querySelector("progress").value = percent;
        meter.querySelector('[data-part="percent"]').textContent = `${percent}\u00a0%`;
        if (data.bytes_done !== undefined) meter.querySelector('[data-part="bytes"]').textContent = bytes(data.bytes_done);
        if (data.bytes_per_second) meter.querySelector('[data-part="speed"]').textContent = `${bytes(data.bytes_per_second)}/s`;
    }
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

/** Once for many events. */
function soon() { refresh ??= setTimeout(renew, 700); }

async function renew() {
    try {
        const response = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(20000) });
        if (!response.ok) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const old of document.querySelectorAll("[data-live]")) {
            const fresh = old.id && page.getElementById(old.id);
            // What somebody is typing in, or has open, stays.
            if (!fresh || old.isEqualNode(fresh) || old.contains(document.activeElement) || old.querySelector("dialog[open]")) continue;
            old.replaceWith(document.adoptNode(fresh));
        }
    } catch {
        // The next event asks again.
    } finally {
        refresh = undefined;
    }
}
