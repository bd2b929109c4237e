// What a page does in the browser alone: its time zone, copying, keys.
globalThis.consolePage = {
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
};

document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    if (!button)
        return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
});

// g, and within a second the key of a page, as the list of keys has it.
(() => {
    const patience = 1000;
    let goingSince = 0;

    document.addEventListener("keydown", event => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]"))
            return;
        const isGoing = Date.now() - goingSince < patience;
        goingSince = event.key === "g" && !isGoing ? Date.now() : 0;
        const page = isGoing && document.querySelector(`#keys [data-key="${CSS.escape(event.key)}"]`);
        if (page)
            Blazor.navigateTo(page.dataset.address);
        else if (event.key === "?")
            document.getElementById("keys")?.showModal();
        else if (event.key === "/")
            find();
        else
            return;
        event.preventDefault();
    });

    // The box is on the page Orders.
    function find() {
        const box = document.getElementById("search");
        if (box)
            box.focus();
        else {
            Blazor.navigateTo("/orders");
            const watch = new MutationObserver(() => {
                const late = document.getElementById("search");
                if (late) {
                    watch.disconnect();
                    late.focus();
                }
            });
            watch.observe(document.body, { childList: true, subtree: true });
            setTimeout(() => watch.disconnect(), 5 * patience);
        }
    }
})();
