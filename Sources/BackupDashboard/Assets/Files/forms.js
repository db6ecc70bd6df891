import { notice } from "./notice.js";

const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Sends forms with `data-api="METHOD PATH"` to the REST API as JSON. One request of a form at a time. */
export function listenForForms() {
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.dataset.api) return;
        event.preventDefault();
        if (form.getAttribute("aria-busy") !== "true") send(form);
    });
}

async function send(form) {
    let [method, path] = form.dataset.api.split(" ");
    path ??= form.querySelector("[data-routes]")?.selectedOptions[0]?.dataset.path;
    form.setAttribute("aria-busy", "true");
    clearErrors(form);
    try {
        const headers = { "Accept": "application/json", "X-CSRF-Token": token };
        const isRead = method === "GET" || method === "DELETE";
        if (!isRead) headers["Content-Type"] = "application/json";
        // The same press twice makes one run.
        if (/\/(run|restore)$/.test(path)) headers["Idempotency-Key"] = form.dataset.key ??= crypto.randomUUID?.() ?? String(Math.random());
        const response = await fetch(path, {
            method, headers, credentials: "same-origin", signal: AbortSignal.timeout(60000),
            body: isRead ? undefined : JSON.stringify(values(form)),
        });
        const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
        if (response.ok) succeed(form, answer);
        else fail(form, response, answer.error ?? {});
    } catch {
        show(form, document.body.dataset.unreachable);
    } finally {
        form.removeAttribute("aria-busy");
    }
}

/** The document that the API takes. A name with dots is a value within values; what is empty is left out. */
function values(form) {
    const document = {};
    for (const input of form.elements) {
        if (!input.name || (input.type === "radio" && !input.checked)) continue;
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
        case "list": return input.value.split("\n").map((line) => line.trim()).filter(Boolean);
        default: return input.value === "" ? undefined : input.value;
    }
}

function succeed(form, answer) {
    delete form.dataset.key;
    const { shows, says, then } = form.dataset;
    // A test that was made, and failed, is a success to HTTP.
    if (answer.is_reachable === false || answer.is_usable === false) return show(form, answer.error?.message ?? document.body.dataset.failed);
    if (says) return notice(says);
    if (shows) return reveal(document.getElementById(shows), form, answer);
    if (then === undefined || then === "") return location.reload();
    const to = then.replace(/\{(\w+)\}/g, (whole, name) => {
        const value = String(answer[name] ?? "");
        return whole === then ? value : encodeURIComponent(value);
    });
    // Only to http(s): an answer can't make the page run something.
    const url = new URL(to, location.href);
    if (url.protocol === "https:" || url.protocol === "http:") location.assign(url);
}

/** What is shown once: it is in the answer, and on no page. */
function reveal(place, form, answer) {
    if (!place) return;
    place.querySelectorAll("[data-fill]").forEach((element) => { element.textContent = answer[element.dataset.fill] ?? ""; });
    place.querySelectorAll("[data-waits-for]").forEach((element) => { element.dataset.id = answer.id ?? answer.agent?.id ?? ""; });
    form.hidden = true;
    place.hidden = false;
    place.tabIndex = -1;
    place.focus();
}

function fail(form, response, error) {
    if (response.status === 401 && !location.pathname.startsWith("/login")) return location.assign("/login");
    const second = form.dataset.second && document.getElementById(form.dataset.second);
    const problems = Array.isArray(error.details) ? error.details : [];
    // A second factor is asked for once the server wants it.
    if (second && (problems.some((problem) => problem.field === "code") || response.status === 401)) second.hidden = false;
    let first;
    for (const { field: name, reason } of problems) {
        const input = form.elements[name];
        const place = [...form.querySelectorAll("[data-error-for]")].find((element) => element.dataset.errorFor === name);
        if (!input?.setAttribute || !place) continue;
        input.setAttribute("aria-invalid", "true");
        place.textContent = String(reason);
        first ??= input;
    }
    show(form, error.message ?? document.body.dataset.failed);
    first?.focus();
}

function clearErrors(form) {
    form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
    form.querySelectorAll("[data-error-for], .form-error").forEach((place) => { place.textContent = ""; });
}

function show(form, text) {
    const place = form.querySelector(".form-error");
    if (place) place.textContent = text;
    else notice(text);
}
