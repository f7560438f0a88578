/** The head of the chat: who speaks, in what mood, and the ways to the other pages. */

import { el, part } from "./dom.js";
import { gettext } from "./i18n.js";
import { openMenu } from "./menu.js";

/** @import { Artist, Notice, ViewContext } from "./types.js" */

/**
 * @param {HTMLElement} root
 * @param {Pick<ViewContext, "go" | "logOut">} ctx
 */
export function chatHeader(root, ctx) {
  part(root, "[data-who]").addEventListener("click", () => ctx.go("artist"));
  /** @type {HTMLButtonElement} */
  const more = part(root, "[data-more]");
  more.addEventListener("click", () =>
    openMenu({ host: root, label: gettext("More"), beside: more, returnTo: more, entries: entries(ctx) }),
  );
}

/** @param {Pick<ViewContext, "go" | "logOut">} ctx */
function entries(ctx) {
  return [
    { label: gettext("Artist"), icon: "person", run: () => ctx.go("artist") },
    { label: gettext("What it remembers"), icon: "remember", run: () => ctx.go("memories") },
    { label: gettext("Settings"), icon: "settings", run: () => ctx.go("settings") },
    { label: gettext("Log out"), icon: "leave", run: () => void ctx.logOut() },
  ];
}

/**
 * The mood; nothing while help is on the screen, nor on the day after: then nothing plays with feelings.
 * @param {HTMLElement} node
 * @param {Pick<Artist, "mood">} artist
 * @param {{ help: Notice | null, isQuiet: boolean }} state
 */
export function showMood(node, { mood }, { help, isQuiet }) {
  const shown = help || isQuiet ? null : (mood ?? null);
  const words = help ? gettext("Paused for a moment") : [shown?.label, shown?.line].filter(Boolean).join(" ");
  if (node.dataset.shown === words) return;
  node.dataset.shown = words;
  node.replaceChildren(...(shown ? moodParts(shown) : [words]));
}

/** @param {{ label: string, line: string }} mood */
function moodParts({ label, line }) {
  return line ? [el("b", { class: "mood-label", text: label }), " ", el("span", { text: line })] : [label];
}
