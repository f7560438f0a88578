// The box beside a rule's editor: asks 150 ms after the last key, in it or in the rule's own fields. The last one wins.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("rule-try");
  const result = document.getElementById("rule-try-result");
  const rule = document.getElementById("rule_form");
  if (!(box instanceof HTMLFormElement) || !(rule instanceof HTMLFormElement) || !result) return;
  const where = box.getAttribute("action"); // `box.action` is the field of that name
  const RULE_FIELDS = ["phrase", "action", "side"];
  let timer = 0;
  let asking = new AbortController();

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  }

  function filled() {
    const sent = new FormData(box);
    const typed = new FormData(rule);
    for (const name of RULE_FIELDS) if (typed.has(name)) sent.set(name, typed.get(name));
    return sent;
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(where, { method: "POST", body: filled(), redirect: "error", signal });
      if (answer.ok || answer.status === 422) show(await answer.text());
      else tell("This could not be tried. Load the page again.");
    } catch {
      if (!signal.aborted) tell("This could not be tried: the console does not answer.");
    } finally {
      if (!signal.aborted) result.removeAttribute("aria-busy");
    }
  }

  // Markup of our own server, which escapes what was typed.
  function show(markup) {
    result.replaceChildren(...new DOMParser().parseFromString(markup, "text/html").body.childNodes);
  }

  function tell(words) {
    const line = document.createElement("p");
    line.className = "rule-try-refusal";
    line.textContent = words;
    result.replaceChildren(line);
  }

  box.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", later);
  rule.addEventListener("input", () => {
    if (box.elements.namedItem("text").value) later();
  });
});
