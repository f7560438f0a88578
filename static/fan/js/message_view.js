/** One bubble, and the line under it. The same element is kept while its message changes. */

import { el, icon } from "./dom.js";
import { refusalText } from "./texts.js";

/** acts: {retry(item), discard(item)}. */
export class MessageView {
  #bubble = el("p", { class: "bubble", dir: "auto" });
  #foot = el("div", { class: "foot" });
  #caret = el("span", { class: "caret", "aria-hidden": "true" });
  #shown = {};
  #ports;

  constructor(ports) {
    this.#ports = ports;
    this.node = el("article", { class: "msg arrives", tabindex: "-1" }, this.#bubble, this.#foot);
  }

  update(item) {
    if (same(item, this.#shown)) return;
    const { role, state } = item;
    const isNew = this.#shown.text === undefined;
    const parts = ["msg", role, state, item.isHead && "head", item.isTail && "tail", isNew && "arrives"];
    this.node.className = parts.filter(Boolean).join(" ");
    this.node.setAttribute("aria-label", this.#label(item));
    this.node.toggleAttribute("aria-busy", state === "streaming");
    this.#write(item);
    this.#foot.replaceChildren(...this.#under(item).filter(Boolean));
    this.#shown = item;
  }

  #write(item) {
    if (item.state === "thinking")
      return this.#bubble.replaceChildren(el("span", { class: "muted", text: "Still thinking" }));
    if (item.retracted && !this.#shown.retracted) this.#crossFade();
    return this.#bubble.replaceChildren(item.text, ...(item.state === "streaming" ? [this.#caret] : []));
  }

  /** What was shown is taken back: the new words fade in over the old, without a flash. */
  #crossFade() {
    this.#bubble.classList.remove("fades");
    void this.#bubble.offsetWidth; // starts the animation anew
    this.#bubble.classList.add("fades");
  }

  #label(item) {
    const who = item.role === "fan" ? "You" : `${this.#ports.name}, AI persona`;
    const states = { streaming: "replying", thinking: "replying", waiting: "waiting to send", sending: "sending" };
    const what = states[item.state] ?? (item.state === "refused" ? "not sent" : item.time);
    return `${who}, ${what}`;
  }

  #under(item) {
    if (item.retry) return [this.#tryAgain(item)];
    if (item.state === "waiting") return [meta(icon("clock"), el("span", { text: "Waiting for a connection" }))];
    if (item.state === "unanswered") return [meta(icon("alert"), el("span", { text: "No answer" }))];
    if (item.state === "sending" || item.state === "streaming" || item.state === "thinking") return [];
    const notes = (item.notes ?? []).map((text) => el("span", { text }));
    const time = (item.isTail || notes.length > 0) && el("time", { datetime: item.at, text: item.time });
    return [(time || notes.length > 0) && meta(time, ...notes)];
  }

  #tryAgain(item) {
    const why = item.state === "refused" ? refusalText(item.problem) : "No answer";
    const said = el("span", { class: "why" }, icon("alert"), el("span", { text: why }));
    const again = el("button", {
      type: "button",
      class: "again",
      text: "Try again",
      onclick: () => this.#ports.retry(item),
    });
    const drop = item.state === "refused" && this.#discardButton(item);
    return el("div", { class: "retry" }, said, again, drop);
  }

  #discardButton(item) {
    return el("button", { type: "button", class: "again", text: "Delete", onclick: () => this.#ports.discard(item) });
  }
}

function meta(...children) {
  return el("p", { class: "meta" }, ...children);
}

const SEEN = ["text", "state", "isHead", "isTail", "time", "retry", "retracted", "problem"];

function same(one, other) {
  return SEEN.every((field) => one[field] === other[field]) && String(one.notes) === String(other.notes);
}
