/**
 * What it remembers: each memory with the fan's own words, to correct and to forget; and what may be remembered.
 * @import { Memory, View, ViewContext } from "./types.js"
 * @import { Fate } from "./forgetting.js"
 */

import { SignedOut } from "./auth.js";
import { part, show } from "./dom.js";
import { openForgetAll } from "./forget_all.js";
import { Forgetting } from "./forgetting.js";
import { followLinks } from "./forms.js";
import { gettext } from "./i18n.js";
import { MemoryList } from "./memories.js";
import { MemoriesView } from "./memories_view.js";
import { showMemorySettings } from "./memory_settings.js";
import { openMenu } from "./menu.js";
import { formTrouble } from "./texts.js";
import { UndoToast } from "./undo_toast.js";

/**
 * @param {ViewContext} ctx
 * @returns {View}
 */
export function memoriesView(ctx) {
  const page = new MemoriesPage(show("memories", ctx.artist), ctx);
  page.open();
  return page;
}

class MemoriesPage {
  title = gettext("What it remembers");
  #root;
  #ctx;
  #list;
  #forgetting;
  #view;
  #toast;
  #stop = new AbortController();

  /** @param {HTMLElement} root @param {ViewContext} ctx */
  constructor(root, ctx) {
    const { api, slug, go } = ctx;
    this.#root = root;
    this.#ctx = ctx;
    this.#list = new MemoryList({ read: (cursor) => api.memories(slug, cursor), changed: () => this.#draw() });
    this.#forgetting = new Forgetting({
      slug,
      storage: localStorage,
      forget: (id) => api.forgetMemory(slug, id),
      became: (fate, id, error) => this.#became(fate, id, error),
    });
    this.#view = new MemoriesView(root, this.#list, {
      slug,
      more: () => void this.#guarded(() => this.#list.more()),
      correct: (memory, text) => this.#correct(memory, text),
      forget: (memory) => this.#forgetting.begin(memory.id),
      find: (message) => go("chat", message),
    });
    const left = () => this.#view.focusBeside();
    this.#toast = new UndoToast(part(root, "[data-undo]"), { undo: () => this.#forgetting.undo(), left });
  }

  open() {
    const { signal } = this.#stop;
    followLinks(this.#root, this.#ctx.go);
    const settings = showMemorySettings(this.#root, this.#ctx, signal, () => this.#load());
    const unwatch = this.#ctx.store.watch(() => this.#draw());
    signal.addEventListener("abort", unwatch);
    const more = part(this.#root, "[data-more]");
    more.addEventListener("click", () => this.#menu(more));
    part(this.#root, "[data-failed] button").addEventListener("click", () => this.#load());
    const back = () => {
      void settings.load();
      this.#load();
    };
    window.addEventListener("online", back, { signal });
    window.addEventListener("pagehide", () => void this.#forgetting.finish(), { signal });
    this.#load();
  }

  /** What may still be undone is forgotten now. */
  dispose() {
    this.#stop.abort();
    this.#view.dispose();
    void this.#forgetting.finish();
  }

  #load() {
    void this.#guarded(() => Promise.all([this.#list.load(), this.#forgetting.resend()]));
  }

  /** @param {Memory} memory @param {string} text */
  async #correct(memory, text) {
    const { api, session, slug } = this.#ctx;
    this.#list.replace(await api.correctMemory(slug, memory.id, text));
    this.#toast.say(gettext("Saved. It will use your words."));
    void session.loadAgain();
  }

  /** @param {Fate} fate @param {string} id @param {unknown} error */
  #became(fate, id, error) {
    if (fate === "gone") {
      void this.#ctx.session.loadAgain(); // what was said in the chat does not point to it any more
      this.#list.remove(id);
    }
    if (this.#stop.signal.aborted) return;
    if (fate === "waiting") this.#view.leaving(id);
    this.#draw();
    if (fate === "undone" || fate === "refused") this.#view.back(id);
    if (fate === "waiting") this.#toast.offer(gettext("Forgotten. It won’t come up again."));
    else if (fate === "later") this.#toast.say(gettext("No connection. It is forgotten as soon as there is one."));
    else if (fate === "refused") this.#toast.say(gettext("That could not be forgotten. {why}", { why: formTrouble(error) }));
    else this.#toast.hide();
  }

  #draw() {
    if (this.#stop.signal.aborted) return;
    const { offTheRecord } = this.#ctx.store.get();
    this.#view.show({ isLeaving: (id) => this.#forgetting.has(id), isPaused: offTheRecord });
  }

  /** @param {HTMLElement} more */
  #menu(more) {
    const { api, slug } = this.#ctx;
    const forget = async () => {
      await api.forgetMemories(slug);
      this.#list.clear();
    };
    const done = () => {
      this.#toast.say(gettext("Everything is forgotten."));
      this.#view.focusHeading();
      void this.#ctx.session.loadAgain();
    };
    const run = () => openForgetAll({ forget, done });
    const entries = [{ label: gettext("Forget all"), icon: "bin", run, isDanger: true }];
    openMenu({ host: part(this.#root, "main"), label: gettext("More"), beside: more, returnTo: more, entries });
  }

  /** @param {() => Promise<unknown>} work */
  async #guarded(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
      if (!this.#stop.signal.aborted) await this.#ctx.leave("");
    }
  }
}
