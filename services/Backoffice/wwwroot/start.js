// A page's live connection is one WebSocket from its first byte on. Negotiated, as is the default, it would begin with a request
// that only the same replica can go on with, and the next connection may lead to another one.
Blazor.start({
    circuit: { configureSignalR: connection => connection.withUrl("_blazor", { skipNegotiation: true, transport: 1 }) },
});

// Whoever answers does not know the page: its replica has gone, or was started again. All that the page shows can be read anew.
document.addEventListener("components-reconnect-state-changed", event => {
    if (event.detail.state === "rejected")
        location.reload();
}, true);
