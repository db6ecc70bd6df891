/** Shows `text` for a few seconds; a screen reader says it. Three at once at most. */
export function notice(text) {
    const place = document.getElementById("notices");
    if (!place || !text) return;
    while (place.children.length > 2) place.firstChild.remove();
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.textContent = text;
    place.append(toast);
    setTimeout(() => toast.remove(), 6000);
}
