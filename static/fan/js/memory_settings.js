/**
 * What the fan allows to be remembered: two switches. What she chose stands at once, and is taken back when it could not
 * be saved.
 * @import { MemorySettings, ViewContext } from "./types.js"
 * @typedef {keyof MemorySettings} SettingName
 */

import { SignedOut } from "./auth.js";
import { part } from "./dom.js";
import { gettext } from "./i18n.js";
import { listen, tellTabs } from "./preferences.js";
import { askFirst } from "./sheet.js";
import { formTrouble } from "./texts.js";

/** @type {SettingName[]} */
const NAMES = ["paused", "special_categories"];

/**
 * @param {HTMLElement} root
 * @param {ViewContext} ctx
 * @param {AbortSignal} signal ends it
 * @param {() => void} lessKept what was kept by consent has been deleted
 */
export function showMemorySettings(root, ctx, signal, lessKept) {
  const switches = new Switches(root, ctx, signal, lessKept);
  switches.start();
  return switches;
}

class Switches {
  #root;
  #ctx;
  #signal;
  #lessKept;

  /** @param {HTMLElement} root @param {ViewContext} ctx @param {AbortSignal} signal @param {() => void} lessKept */
  constructor(root, ctx, signal, lessKept) {
    this.#root = root;
    this.#ctx = ctx;
    this.#signal = signal;
    this.#lessKept = lessKept;
  }

  start() {
    for (const name of NAMES) this.#switch(name).addEventListener("change", () => void this.#change(name));
    listen((choice) => "memory" in choice && this.#draw(choice.memory), this.#signal);
    void this.load();
  }

  async load() {
    await this.#guarded(async () => this.#draw(await this.#ctx.api.memorySettings(this.#ctx.slug)));
  }

  /** @param {SettingName} name */
  async #change(name) {
    const { api, slug } = this.#ctx;
    const toggle = this.#switch(name);
    const wanted = toggle.checked;
    if (name === "special_categories" && !wanted && !(await isSure())) return void (toggle.checked = true);
    toggle.disabled = true; // one change at a time
    const isSaved = await this.#guarded(async () => {
      const settings = await api.changeMemorySettings(slug, { [name]: wanted });
      tellTabs({ memory: settings });
      this.#draw(settings);
    });
    toggle.disabled = false;
    if (!isSaved) toggle.checked = !wanted;
    else if (name === "special_categories" && !wanted) this.#lessKept();
  }

  /** @param {MemorySettings} settings */
  #draw(settings) {
    this.#ctx.store.set({ offTheRecord: settings.paused });
    if (this.#signal.aborted) return;
    for (const name of NAMES) {
      this.#switch(name).checked = settings[name];
      this.#switch(name).disabled = false;
    }
  }

  /** True when it worked. @param {() => Promise<void>} work */
  async #guarded(work) {
    const trouble = part(this.#root, "[data-settings-trouble]");
    try {
      await work();
      trouble.textContent = "";
      return true;
    } catch (error) {
      if (error instanceof SignedOut) void this.#ctx.leave("");
      else trouble.textContent = formTrouble(error);
      return false;
    }
  }

  /** @param {SettingName} name @returns {HTMLInputElement} */
  #switch(name) {
    return part(this.#root, `[data-setting="${name}"]`);
  }
}

function isSure() {
  return askFirst({
    title: gettext("Stop keeping sensitive things?"),
    text: gettext("What is remembered of these now is deleted."),
    action: gettext("Stop and delete"),
  });
}
