/**
 * A phone whose on-screen keyboard covers the page instead of shrinking it (Safari): --view-height is what is left to
 * see, so that the composer stands on the keyboard. Where `interactive-widget` works, the two heights are the same.
 */
export function keepAboveKeyboard() {
  const visible = window.visualViewport;
  visible?.addEventListener("resize", () => {
    const isCovered = visible.scale === 1 && visible.height < window.innerHeight - 1;
    const { style } = document.documentElement;
    if (!isCovered) return style.removeProperty("--view-height");
    style.setProperty("--view-height", `${visible.height}px`);
    return window.scrollTo(0, 0);
  });
}
