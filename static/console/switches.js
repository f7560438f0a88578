// The dialogs of the kill switches, and the line that tells whether every process obeys.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-opens]")) {
    const dialog = document.getElementById(button.dataset.opens);
    button.addEventListener("click", () => {
      dialog.showModal();
      dialog.querySelector("textarea")?.focus();
    });
    dialog.querySelector("[data-closes]")?.addEventListener("click", () => dialog.close());
    dialog.querySelector("form")?.addEventListener("submit", () => {
      dialog.querySelector("[type=submit]").disabled = true; // a second press would find it switched already
    });
  }
  const reach = document.getElementById("switches-reach");
  if (!reach) return;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(reach.dataset.from, { redirect: "error" });
      if (!answer.ok) return;
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (told.textContent.trim() !== reach.textContent.trim()) reach.replaceChildren(...told.childNodes);
    } catch {
      // Offline: what stands there is the last that was known.
    }
  }, 2000);
});
