/**
 * Name, time zone and language of the account: saved as they are changed, each with its state under it.
 * @import { Me, ViewContext } from "./types.js"
 * @import { SaveState } from "./field_saver.js"
 */

import { SignedOut } from "./auth.js";
import { el, part } from "./dom.js";
import { FieldSaver } from "./field_saver.js";
import { gettext } from "./i18n.js";
import { languageFor, ourLanguages, speak } from "./languages.js";
import { listen, tellTabs } from "./preferences.js";
import { Problem } from "./problems.js";
import { formTrouble } from "./texts.js";
import { zoneOf } from "./zones.js";
import { ZonePicker } from "./zone_picker.js";

/** @typedef {"name" | "time_zone" | "language"} FieldName */

/**
 * @param {HTMLElement} root
 * @param {ViewContext} ctx
 * @param {AbortSignal} signal ends it
 */
export function showAccountFields(root, ctx, signal) {
  new AccountFields(root, ctx, signal).start();
}

class AccountFields {
  #root;
  #ctx;
  #signal;
  /** @type {Map<FieldName, FieldSaver>} */
  #savers = new Map();
  #here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  #picker;

  /** @param {HTMLElement} root @param {ViewContext} ctx @param {AbortSignal} signal */
  constructor(root, ctx, signal) {
    this.#root = root;
    this.#ctx = ctx;
    this.#signal = signal;
    const [input, list] = [this.#input("time_zone"), part(root, "[data-zones]")];
    const chosen = (/** @type {string} */ id) => this.#choose("time_zone", id);
    this.#picker = new ZonePicker(/** @type {HTMLInputElement} */ (input), list, { here: this.#here, chosen });
  }

  start() {
    const signal = this.#signal;
    const name = this.#input("name");
    name.addEventListener("input", () => this.#savers.get("name")?.edit(name.value.trim()));
    name.addEventListener("change", () => this.#commit("name"));
    name.addEventListener("keydown", (event) => event.key === "Enter" && this.#commit("name"));
    const language = this.#input("language");
    language.addEventListener("change", () => this.#choose("language", language.value));
    part(this.#root, "[data-here]").addEventListener("click", () => this.#choose("time_zone", this.#here));
    window.addEventListener("online", () => this.#commitAll(), { signal });
    signal.addEventListener("abort", () => this.#commitAll()); // what was typed last goes along
    listen((choice) => "me" in choice && this.#fill(choice.me), signal);
    if (this.#ctx.me) this.#fill(this.#ctx.me);
    part(this.#root, "[data-again]").addEventListener("click", () => void this.#load());
    void this.#load();
  }

  async #load() {
    const failed = part(this.#root, "[data-failed]");
    try {
      const me = await this.#ctx.api.me();
      if (!failed.isConnected) return undefined; // another view has taken the place meanwhile
      this.#fill(me);
      failed.hidden = true;
    } catch (error) {
      if (error instanceof SignedOut) return this.#ctx.leave("");
      part(failed, "span").textContent = formTrouble(error);
      failed.hidden = false;
    }
  }

  /** What the server keeps; a field that waits to be saved stays as it is. @param {Me} me */
  #fill(me) {
    this.#ctx.me = Object.assign(this.#ctx.me ?? {}, me); // what the other views know of her
    part(this.#root, "[data-email]").textContent = me.email;
    part(this.#root, "[data-username]").setAttribute("value", me.email); // for password managers
    for (const name of /** @type {FieldName[]} */ (["name", "time_zone", "language"])) this.#take(name, me[name]);
  }

  /** @param {FieldName} name @param {string} value */
  #take(name, value) {
    const known = this.#savers.get(name);
    if (known) return known.reset(value);
    const save = (/** @type {string} */ chosen) => this.#save(name, chosen);
    const saver = new FieldSaver({ value, save, changed: (state) => this.#draw(name, state) });
    this.#savers.set(name, saver);
    this.#input(name).disabled = false;
    this.#draw(name, saver.state);
  }

  /** @param {FieldName} name @param {string} value */
  #choose(name, value) {
    this.#savers.get(name)?.edit(value);
    this.#commit(name);
  }

  /** @param {FieldName} name */
  #commit(name) {
    void this.#savers.get(name)?.commit();
  }

  #commitAll() {
    for (const saver of this.#savers.values()) void saver.commit();
  }

  /** @param {FieldName} name @param {string} value */
  async #save(name, value) {
    const me = await this.#ctx.api.updateMe({ [name]: value });
    if (this.#ctx.me) Object.assign(this.#ctx.me, me);
    tellTabs({ me });
    if (name === "language") speak(me.language);
    return me[name];
  }

  /** @param {FieldName} name @param {SaveState} state */
  #draw(name, state) {
    if (this.#signal.aborted) return;
    if (state.error instanceof SignedOut) return this.#ctx.leave("");
    const input = this.#input(name);
    if (name === "time_zone") this.#drawZone(state.value);
    else if (name === "language") input.value = languageFor(state.value, ourLanguages()) ?? document.documentElement.lang;
    else if (input.value.trim() !== state.value) input.value = state.value;
    if (state.status === "failed") input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    const retry = state.status === "failed" && el("button", { class: "again", type: "button", text: gettext("Try again") });
    if (retry) retry.addEventListener("click", () => this.#commit(name));
    part(this.#root, `[data-state="${name}"]`).replaceChildren(el("span", stateWords(state)), retry || "");
  }

  /** @param {string} zone */
  #drawZone(zone) {
    this.#picker.value = zone;
    const button = part(this.#root, "[data-here]");
    button.textContent = gettext("Use this device’s: {place}", { place: zoneOf(this.#here).place });
    button.hidden = zone === this.#here;
  }

  /** @param {FieldName} name @returns {HTMLInputElement} */
  #input(name) {
    return part(this.#root, `[name="${name}"]`);
  }
}

/** The words of a state, with the class that colours them. @param {SaveState} state */
function stateWords({ status, error }) {
  if (status === "saving") return { text: gettext("Saving…") };
  if (status === "saved") return { class: "kept", text: gettext("Saved") };
  if (status === "failed") return { class: "not-kept", text: gettext("Not saved. {why}", { why: whyNot(error) }) };
  return { text: "" };
}

/** @param {unknown} error */
function whyNot(error) {
  const told = error instanceof Problem ? error.body.errors?.[0]?.message : undefined;
  return told ?? formTrouble(error);
}
