// Counts down to the end of the access, and takes the fan's words off the screen when it has come.
const clock = document.querySelector("[data-access-ends]");
if (clock) {
  const ends = Date.now() + Number(clock.dataset.accessEnds) * 1000;
  const tell = () => {
    const left = ends - Date.now();
    if (left <= 0) {
      document.querySelector(".reading-columns, .queue-talk")?.remove();
      location.reload();
      return;
    }
    clock.textContent = left < 60_000 ? `${Math.ceil(left / 1000)} s` : `${Math.ceil(left / 60_000)} min`;
    setTimeout(tell, left < 61_000 ? 1000 : 15_000);
  };
  tell();
}
