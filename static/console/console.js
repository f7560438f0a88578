// Unfold hides the page until Alpine is up, and a hidden field takes no focus: so it is given once everything is shown.
window.addEventListener("load", () => {
  const field = document.querySelector("[autofocus]");
  if (field && document.activeElement === document.body) field.focus();
});

// A timeline that is wider than its place opens at the present, with some of what is past before it.
window.addEventListener("load", () => {
  const now = document.querySelector(".timeline-over .now");
  const place = now?.closest(".timeline-scroll");
  if (!now || !place) return;
  const left = now.getBoundingClientRect().left - place.getBoundingClientRect().left;
  place.scrollLeft += left - place.clientWidth * 0.6;
});

// The keys that work everywhere (templates/console/keys.html). A page with a list of its own marks it `data-console-keys`.
document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
  if (document.querySelector("[data-console-keys]")) return;
  const keys = document.getElementById("console-keys");
  if (keys instanceof HTMLDialogElement && !keys.open) {
    event.preventDefault();
    keys.showModal();
  }
});

// A button that opens the dialog whose id it names.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-opens]") : null;
  const dialog = button && document.getElementById(button.getAttribute("data-opens") ?? "");
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
});

// SimpleBar calls each of its scrollers the same; the sidebar's gets a name of its own before it starts (data-simplebar-…).
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("nav-sidebar-apps")?.setAttribute("data-simplebar-aria-label", "Pages");
});

// The palette's first result is chosen at once, so that Enter opens it; Unfold's own waits for an arrow key.
document.addEventListener("htmx:after-swap", (event) => {
  if (event.target instanceof Element && event.target.id === "command-results") {
    document.getElementById("search-input-command")?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  }
});
