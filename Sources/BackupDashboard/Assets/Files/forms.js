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
