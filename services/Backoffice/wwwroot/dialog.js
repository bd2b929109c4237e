// The two calls that a dialog needs from the browser.
export function show(dialog) {
    dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
}

export function hide(dialog) {
    dialog.close();
}
