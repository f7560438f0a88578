/** Nothing is left: what ran out, when it comes back, and what still works. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { openSheet, sheetButton } from "./sheet.js";
import { dateAndClock } from "./times.js";

/** @import { ProblemBody, Quota } from "./types.js" */

/**
 * @param {ProblemBody} problem of code quota_exhausted
 * @param {() => void} closed
 */
export function openQuota(problem, closed) {
  const { quota, detail } = problem;
  const parts = [
    detail ? el("p", { class: "muted", text: detail }) : null,
    quota?.resets_at ? el("p", { class: "muted", text: returns(quota.resets_at) }) : null,
    quota && quota.limit !== null ? left(quota, quota.limit) : null,
    el("p", { class: "muted small", text: gettext("You can still read everything. Your message is kept here.") }),
  ];
  const close = openSheet({
    title: gettext("That’s all for now"),
    parts: [...parts, sheetButton(gettext("Keep reading"), () => close(), "ink")],
    closed,
  });
}

/** @param {string} at */
function returns(at) {
  return gettext("More comes back on {when}.", { when: dateAndClock(at) });
}

/** @param {Quota} quota @param {number} limit */
function left({ used, limit: _limit }, limit) {
  const text = gettext("{left} of {limit} left", { left: Math.max(0, limit - used), limit });
  const meter = el("meter", { min: "0", max: String(limit), value: String(Math.max(0, limit - used)), "aria-label": text });
  return el("p", { class: "left" }, el("span", { text }), meter);
}
