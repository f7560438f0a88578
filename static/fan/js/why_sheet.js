/** Why a reply is what it is: what the fan had said, what the artist's team wrote, the mood. */

import { SignedOut } from "./auth.js";
import { el, icon } from "./dom.js";
import { Forgetting } from "./forgetting.js";
import { gettext, ngettext } from "./i18n.js";
import { MemoryRow } from "./memory_row.js";
import { Disconnected, Problem } from "./problems.js";
import { openSheet, sheetButton } from "./sheet.js";
import { formTrouble } from "./texts.js";
import { dayOf } from "./times.js";
import { asSentence, inQuotes } from "./wording.js";

/** @import { Memory, Message, Recalled, ViewContext, Why } from "./types.js" */
/** @import { Fate } from "./forgetting.js" */

/**
 * `report` is null when the reply was reported before; `find` shows a message in the chat.
 * @typedef {object} WhyPorts
 * @property {(() => void) | null} report
 * @property {(message: string) => void} find
 */

/** @param {Message} message @param {ViewContext} ctx @param {WhyPorts} ports */
export function openWhy(message, ctx, ports) {
  new WhySheet(message, ctx, ports).open();
}

class WhySheet {
  #message;
  #ctx;
  #ports;
  #place = el("div", { class: "why-said" });
  #forgetting;
  /** @type {Map<string, MemoryRow>} */
  #rows = new Map();
  #close = () => {};

  /** @param {Message} message @param {ViewContext} ctx @param {WhyPorts} ports */
  constructor(message, ctx, ports) {
    this.#message = message;
    this.#ctx = ctx;
    this.#ports = ports;
    this.#forgetting = new Forgetting({
      slug: ctx.slug,
      storage: localStorage,
      forget: (id) => ctx.api.forgetMemory(ctx.slug, id),
      became: (fate, id, error) => this.#became(fate, id, error),
    });
  }

  open() {
    const said = el("p", { class: "muted small excerpt", dir: "auto", text: inQuotes(this.#message.text) });
    this.#close = openSheet({
      title: gettext("Why it said that"),
      parts: [said, this.#place, this.#buttons()],
      closed: () => void this.#forgetting.finish(),
    });
    void this.#load();
  }

  #buttons() {
    const done = sheetButton(gettext("Done"), () => this.#close(), "ink");
    const { report } = this.#ports;
    if (!report) return el("div", {}, done);
    const instead = () => {
      this.#close();
      report();
    };
    return el("div", { class: "two" }, sheetButton(gettext("Report this"), instead), done);
  }

  async #load() {
    this.#place.replaceChildren(skeleton());
    try {
      this.#show(await this.#ctx.api.why(this.#ctx.slug, this.#message.id));
    } catch (error) {
      if (error instanceof SignedOut) return this.#leave();
      const again = el("button", { type: "button", class: "again", text: gettext("Try again"), onclick: () => void this.#load() });
      this.#place.replaceChildren(el("p", { class: "muted", role: "status" }, formTrouble(error), " ", again));
    }
    return undefined;
  }

  #leave() {
    this.#close();
    void this.#ctx.leave("");
  }

  /** @param {Why} why */
  #show({ memories, passages, mood }) {
    /** @param {boolean} wanted */
    const rows = (wanted) => [
      ...memories.filter(({ drawn }) => drawn === wanted).map((one) => this.#row(one)),
      ...passages.filter(({ drawn }) => drawn === wanted).map((one) => this.#passage(one)),
    ];
    const [steps, others] = [rows(true), rows(false)];
    if (mood && !this.#ctx.session.isQuiet()) steps.push(this.#mood(mood.label, mood.line));
    const none = el("p", { class: "muted", text: gettext("Nothing from before. It only had what you both had just said.") });
    this.#place.replaceChildren(...(steps.length ? [el("ol", { class: "trace" }, ...steps)] : others.length ? [] : [none]));
    if (others.length) this.#place.append(this.#inMind(others));
  }

  /** What stood before it too, and cannot be seen in what it said. @param {HTMLElement[]} others */
  #inMind(others) {
    const label = ngettext("It also had this in mind", "It also had these {count} in mind", others.length);
    const rows = el("ul", { class: "trace" }, ...others);
    return el("details", { class: "fold in-mind" }, el("summary", {}, label, icon("next", "i-m next")), rows);
  }

  /** @param {Recalled} recalled */
  #row({ id, text, source }) {
    const memory = /** @type {Memory} */ ({ id, text, kind: "fact", created_at: source.said_at, pinned: false, sources: [source] });
    const row = new MemoryRow(memory, {
      slug: this.#ctx.slug,
      head: ({ text: note }) => [
        el("h3", { text: gettext("You told it") }),
        el("p", { class: "noted", dir: "auto", text: asSentence(note) }),
      ],
      correct: (_before, words) => this.#correct(id, words),
      forget: () => this.#forgetting.begin(id),
      find: (message) => this.#find(message),
    });
    this.#rows.set(id, row);
    return row.node;
  }

  /** @param {string} message */
  #find(message) {
    this.#close();
    this.#ports.find(message);
  }

  /** @param {{ title: string, quote: string, drawn: boolean }} passage */
  #passage({ title, quote }) {
    const { name } = this.#ctx.artist;
    const from = gettext("{title}. From {name}’s team.", { title, name });
    const words = el("p", { dir: "auto", text: inQuotes(quote) });
    return el("li", { class: "hers" }, el("h3", { text: gettext("{name} once said", { name }) }), words, el("small", { text: from }));
  }

  /** @param {string} label @param {string} line */
  #mood(label, line) {
    const isToday = dayOf(this.#message.created_at) === dayOf(new Date().toISOString());
    const heading = isToday ? gettext("Today’s mood") : gettext("The mood of that day");
    const words = [el("span", { class: "mood-label", text: label }), " ", line && el("span", { text: line })];
    return el("li", { class: "hers" }, el("h3", { text: heading }), el("p", { dir: "auto" }, ...words));
  }

  /** @param {string} id @param {string} words */
  async #correct(id, words) {
    const { api, session, slug } = this.#ctx;
    const corrected = await api.correctMemory(slug, id, words);
    this.#rows.get(id)?.update(corrected);
    void session.loadAgain();
    void this.#rereadOthers(id);
  }

  /** With a memory that is put right or forgotten go the words of all its messages, also beside other memories. @param {string} id */
  async #rereadOthers(id) {
    try {
      const { memories } = await this.#ctx.api.why(this.#ctx.slug, this.#message.id);
      for (const { id: other, text, source } of memories) {
        const row = this.#rows.get(other);
        if (row && other !== id) row.update({ ...row.memory, text, sources: [source] });
      }
    } catch (error) {
      if (error instanceof SignedOut) return this.#leave();
      if (!(error instanceof Disconnected || error instanceof Problem)) throw error;
      // What cannot be read now is right when the sheet is opened again.
    }
    return undefined;
  }

  /** @param {Fate} fate @param {string} id @param {unknown} error */
  #became(fate, id, error) {
    const row = /** @type {MemoryRow} */ (this.#rows.get(id));
    const { session } = this.#ctx;
    if (fate === "gone") {
      void session.loadAgain(); // the message does not point to it any more
      void this.#rereadOthers(id);
    }
    if (fate === "undone") return row.show() ?? row.focus();
    if (fate === "waiting") return this.#away(row, gettext("Forgotten. It won’t come up again."), () => this.#forgetting.undo());
    if (fate === "gone") return this.#away(row, gettext("Forgotten. It won’t come up again."));
    if (fate === "later") return this.#away(row, gettext("No connection. It is forgotten as soon as there is one."));
    row.show();
    return row.node.append(el("p", { class: "error", role: "alert", text: formTrouble(error) }));
  }

  /** @param {MemoryRow} row @param {string} text @param {() => void} [undo] */
  #away(row, text, undo) {
    const hadFocus = row.node.contains(document.activeElement);
    const back = undo && el("button", { type: "button", class: "btn btn-text btn-s", text: gettext("Undo"), onclick: undo });
    const said = el("p", { class: "muted", role: "status", tabindex: "-1", text });
    row.replace(said, back || "");
    if (hadFocus) (back || said).focus();
  }
}

function skeleton() {
  const bones = ["bone long", "bone", "bone long"].map((look) => el("span", { class: look }));
  return el("div", { class: "skeletons" }, el("p", { class: "vh", role: "status", text: gettext("Looking it up") }), ...bones);
}
