// While a version's checks run, the gate is asked for again each second; when they have ended the page is loaded anew,
// because the answers beside the gate and its buttons come with them.
document.addEventListener("DOMContentLoaded", () => {
  const gate = document.getElementById("gate");
  if (!gate) return;
  const EVERY_MS = 1000;

  function isRunning(part) {
    return part.querySelector("[data-running]")?.getAttribute("data-running") === "yes";
  }

  async function follow() {
    try {
      const answer = await fetch(gate.dataset.from, { headers: { Accept: "text/html" }, redirect: "error" });
      if (answer.ok && !isRunning(new DOMParser().parseFromString(await answer.text(), "text/html"))) {
        location.reload();
        return;
      }
    } catch {
      // Offline for a moment: the next round tells.
    }
    setTimeout(follow, EVERY_MS);
  }

  if (isRunning(gate)) setTimeout(follow, EVERY_MS);
});
