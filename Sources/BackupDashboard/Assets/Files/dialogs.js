import { notice } from "./notice.js";

/** Dialogs, names to be typed before a dangerous act, and texts to be copied. One listener for pages that change. */
export function listenForDialogs() {
    document.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        if (button.dataset.opens) document.getElementById(button.dataset.opens)?.showModal();
        if ("closes" in button.dataset) button.closest("dialog")?.close();
        if (button.dataset.copies) copy(document.getElementById(button.dataset.copies));
    });
    document.addEventListener("input", (event) => {
        const form = event.target.closest("form[data-confirm]");
        if (!form || !("confirms" in event.target.dataset)) return;
        const isSame = event.target.value === form.dataset.confirm;
        form.querySelectorAll("button:not([data-closes])").forEach((button) => { button.disabled = !isSame; });
    });
    // A menu closes when something beside it is chosen, and by Escape.
    document.addEventListener("click", (event) => closeMenus(event.target));
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        const open = document.querySelector("details.menu[open], details.viewer[open]");
        open?.querySelector("summary").focus();
        closeMenus(null);
    });
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
