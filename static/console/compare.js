// Two long texts side by side begin where they first differ: what is the same before it is a scroll away.
document.addEventListener("DOMContentLoaded", () => {
  const ABOVE_PX = 72;
  for (const texts of document.querySelectorAll(".compare-columns")) {
    const changes = [...texts.querySelectorAll("ins, del")].map((change) => change.getBoundingClientRect().top);
    if (changes.length) texts.scrollTop = Math.min(...changes) - texts.getBoundingClientRect().top - ABOVE_PX;
  }
});
