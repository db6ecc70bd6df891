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
