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
