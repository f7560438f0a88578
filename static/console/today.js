// The first page asks for its changing part each half minute. What could not be refreshed says how old it is.
document.addEventListener("DOMContentLoaded", () => {
  const panels = document.getElementById("today-panels");
  const age = document.getElementById("today-age");
  if (!panels || !age) return;
  let readAt = Date.now();
  let asking = false;

  async function refresh() {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(panels.dataset.from, { headers: { Accept: "text/html" }, redirect: "error" });
      if (answer.ok) show(await answer.text());
    } catch {
      // Offline, or the log-in has ended: the age tells.
    } finally {
      asking = false;
      tellAge();
    }
  }

  // Markup of our own server, from the template that drew it first.
  function show(markup) {
    const focused = panels.contains(document.activeElement) ? document.activeElement.id : "";
    const fresh = new DOMParser().parseFromString(markup, "text/html");
    panels.replaceChildren(...fresh.body.childNodes);
    readAt = Date.now();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  function tellAge() {
    const old = Date.now() - readAt;
    const stale = old > Number(panels.dataset.staleMs);
    panels.classList.toggle("stale", stale);
    age.hidden = !stale;
    if (stale) age.textContent = `These figures are ${Math.round(old / 1000)} s old; they could not be refreshed.`;
  }

  setInterval(refresh, Number(panels.dataset.everyMs));
  setInterval(tellAge, 5000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - readAt > Number(panels.dataset.everyMs)) refresh();
  });
});
