// What a page does in the browser alone: its time zone, notifications, copying, keys.
globalThis.consolePage = {
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
};

// Notifications: by the button alone, and only where the browser allows them. Which of the two buttons is seen is the style sheet's.
(() => {
    const key = "notify";
    const root = document.documentElement;
    const isAllowed = () => globalThis.Notification?.permission === "granted";
    const show = () => root.dataset.notify = !globalThis.Notification || Notification.permission === "denied" ? "never" : isAllowed() && localStorage.getItem(key) ? "on" : "off";
    show();

    document.addEventListener("click", async event => {
        const button = event.target.closest("button[data-notify]");
        if (!button)
            return;
        if (button.dataset.notify === "off")
            localStorage.removeItem(key);
        else if (isAllowed() || await Notification.requestPermission() === "granted")
            localStorage.setItem(key, "yes");
        show();
        document.querySelector(`button[data-notify]:not([data-notify="${root.dataset.notify}"])`)?.focus();
    });

    // Several pages of one browser show one notification.
    consolePage.notify = (text, page) => {
        if (root.dataset.notify !== "on")
            return;
        const notification = new Notification("OrderSample", { body: text, tag: "alerts", icon: "favicon-alarm.svg" });
        notification.onclick = () => {
            globalThis.focus();
            Blazor.navigateTo(page);
        };
    };
})();

document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    if (!button)
        return;
    const said = button.nextElementSibling;
    try {
        await navigator.clipboard.writeText(button.dataset.copy);
        said.textContent = "Copied";
    } catch {
        // Over plain http from another machine the browser has no clipboard for a page.
        said.textContent = "Not copied";
    }
    setTimeout(() => said.textContent = "", 2000);
});

// g, and within a second the key of a page, as the list of keys has it.
(() => {
    const patience = 1000;
    const off = "keys-off";
    let goingSince = 0;

    document.addEventListener("change", event => {
        if (event.target.id === "keys-on")
            localStorage.setItem(off, event.target.checked ? "" : "yes");
    });

    document.addEventListener("click", event => {
        if (event.target.closest("[data-open-keys]"))
            showKeys();
    });

    document.addEventListener("keydown", event => {
        if (localStorage.getItem(off) || !document.getElementById("keys") || event.ctrlKey || event.altKey || event.metaKey
            || event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]"))
            return;
        const isGoing = Date.now() - goingSince < patience;
        goingSince = event.key === "g" && !isGoing ? Date.now() : 0;
        const page = isGoing && document.querySelector(`#keys [data-key="${CSS.escape(event.key)}"]`);
        const button = document.querySelector(`button[data-press="${CSS.escape(event.key)}"]:not(:disabled), [data-press="${CSS.escape(event.key)}"] button:not(:disabled)`);
        if (page)
            Blazor.navigateTo(page.dataset.address);
        else if (button)
            button.click();
        else if (event.key === "?")
            showKeys();
        else if (event.key === "/")
            find();
        else
            return;
        event.preventDefault();
    });

    function showKeys() {
        document.getElementById("keys-on").checked = !localStorage.getItem(off);
        document.getElementById("keys").showModal();
    }

    // The box is on the page Orders. A page that has just come gives the focus to its heading; the box gets it after that.
    function find() {
        const box = () => document.getElementById("search");
        if (box()) {
            box().focus();
            return;
        }
        const gone = new AbortController();
        document.addEventListener("focusin", event => {
            if (event.target.matches("h1") && box()) {
                gone.abort();
                box().focus();
            }
        }, { signal: gone.signal });
        setTimeout(() => gone.abort(), 5 * patience);
        Blazor.navigateTo("/orders");
    }
})();
