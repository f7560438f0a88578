/**
 * Light, dark, or as the system is: kept in a cookie, so that the server's page has it before anything is painted.
 * @typedef {"" | "light" | "dark"} Theme the empty one is the system's
 */

import { setCookie } from "./cookies.js";

/** @returns {Theme} */
export function theme() {
  return /** @type {Theme} */ (document.documentElement.dataset.theme ?? "");
}

/**
 * Shows the page in the theme from now on.
 * @param {Theme} chosen
 */
export function chooseTheme(chosen) {
  setCookie("theme", chosen);
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  for (const bar of document.querySelectorAll("meta[name=theme-color]")) colourBar(bar, chosen);
}

/**
 * The phone's own bar has a colour for each theme; the chosen one counts whatever the system prefers.
 * @param {Element} bar
 * @param {Theme} chosen
 */
function colourBar(bar, chosen) {
  const name = bar.getAttribute("data-of") ?? "";
  bar.setAttribute("media", chosen ? (name === chosen ? "all" : "not all") : `(prefers-color-scheme: ${name})`);
}
