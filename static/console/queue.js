// The review queue: its keys, its list that follows by itself, and what is off while there is no network.
document.addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector(".queue");
  const list = document.getElementById("queue-list");
  if (!page || !list) return;
  const AGAIN_MS = 5000;
  // A dialog that was just closed holds the focus until the next frame: a key pressed by then is the page's.
  const IN_FIELD = "input, textarea, select, [contenteditable], dialog[open]";
  const offline = document.getElementById("queue-offline");
  const notice = document.getElementById("queue-notice");
  let readAt = Date.now();
  let timer = 0;
  let connected = true;

  // -- keys: each control names its own, j and k move along the list --------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(event.target instanceof Element)) return;
    if (event.target.closest(IN_FIELD)) {
      if (event.key === "Escape" && event.target.id === "finding") event.target.blur();
      return;
    }
    const step = { j: 1, k: -1 }[event.key];
    const control = step ? neighbour(step) : page.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control || control.disabled) return;
    event.preventDefault();
    if (control instanceof HTMLTextAreaElement) control.focus();
    else control.click();
  });

  function neighbour(step) {
    const cards = [...list.querySelectorAll(".queue-card")];
    const at = cards.findIndex((card) => card.hasAttribute("aria-current"));
    return at < 0 ? cards[0] : cards[at + step];
  }

  // -- what is on its way: the last list stays, dimmed ------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(".queue-card, .queue-tabs a") : null;
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) page.setAttribute("aria-busy", "true");
  });
  page.addEventListener("submit", (event) => {
    if (page.hasAttribute("aria-busy")) event.preventDefault(); // a second press would decide twice
    page.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => page.removeAttribute("aria-busy"));

  // -- the list follows, and says when the case beside it is another's by now -------------------------------------------
  async function refresh() {
    clearTimeout(timer);
    try {
      if (!document.hidden) {
        const from = new URL(list.dataset.from, location.href);
        from.searchParams.set("part", "list");
        const answer = await fetch(from, { headers: { Accept: "text/html" }, redirect: "error" });
        if (!answer.ok) throw new Error(String(answer.status));
        show(await answer.text());
        tellConnection(true);
      }
    } catch {
      tellConnection(false);
    }
    timer = setTimeout(refresh, connected ? Number(list.dataset.everyMs) : AGAIN_MS);
  }

  // Markup of our own server, from the template that drew it first.
  function show(markup) {
    const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
    list.replaceChildren(...new DOMParser().parseFromString(markup, "text/html").body.childNodes);
    readAt = Date.now();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (!notice && list.querySelector(".queue-card")) location.reload(); // the first case after an empty queue
    tellStanding(list.querySelector("[data-standing]"));
  }

  function tellStanding(told) {
    if (!notice || !told || told.dataset.standing === notice.dataset.state) return;
    const closed = told.dataset.standing === "decided" || told.dataset.standing === "others";
    notice.dataset.state = told.dataset.standing;
    notice.querySelector("[data-words]").textContent = closed ? told.textContent : "";
    notice.hidden = !closed;
    letDecide();
  }

  function letDecide() {
    const state = notice?.dataset.state;
    const may = connected && (state === "free" || state === "mine");
    for (const button of page.querySelectorAll("[data-decides]")) button.disabled = !may;
  }

  // -- no network: deciding is off, what was typed stays ------------------------------------------------------------------
  function tellConnection(now) {
    if (connected !== now) {
      connected = now;
      letDecide();
    }
    offline.hidden = connected;
    offline.querySelector("[data-age]").textContent = `${Math.round((Date.now() - readAt) / 1000)} s`;
  }
  offline.querySelector("[data-try]").addEventListener("click", refresh);
  window.addEventListener("offline", () => tellConnection(false));
  window.addEventListener("online", refresh);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
  timer = setTimeout(refresh, Number(list.dataset.everyMs));

  // -- what the case is about is in sight, with what came before it -----------------------------------------------------
  [...page.querySelectorAll(".queue-talk .here")].at(-1)?.scrollIntoView({ block: "nearest" });

  // -- what lasts a moment ----------------------------------------------------------------------------------------------
  const undo = document.getElementById("queue-undo");
  if (undo) setTimeout(() => undo.remove(), Number(undo.dataset.lastsMs));
});
