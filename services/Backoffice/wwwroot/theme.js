// Light or dark: as the system has it, until somebody chooses. Runs before the page is painted.
(() => {
    const key = "theme";
    const root = document.documentElement;
    const chosen = localStorage.getItem(key);
    if (chosen === "light" || chosen === "dark") {
        root.dataset.theme = chosen;
    }

    document.addEventListener("click", event => {
        if (!event.target.closest("[data-theme-toggle]")) {
            return;
        }
        const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = isDark ? "light" : "dark";
        localStorage.setItem(key, root.dataset.theme);
    });
})();
