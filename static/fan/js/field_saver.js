/**
 * One field of an account that is saved as it is changed. What the person chose stands at once and is never lost: a
 * failed save keeps it and can be tried again, and what she changes while one is on its way goes out after it.
 * @typedef {"clean" | "dirty" | "saving" | "saved" | "failed"} SaveStatus
 * @typedef {{ status: SaveStatus, value: string, error: unknown }} SaveState
 */

export class FieldSaver {
  #save;
  #changed;
  #kept;
  /** @type {SaveState} */
  #state;

  /**
   * @param {{ value: string, save: (value: string) => Promise<string>, changed: (state: SaveState) => void }} parts
   *   save answers what the server keeps now.
   */
  constructor({ value, save, changed }) {
    this.#save = save;
    this.#changed = changed;
    this.#kept = value;
    this.#state = { status: "clean", value, error: null };
  }

  get state() {
    return this.#state;
  }

  /** What the field holds now. @param {string} value */
  edit(value) {
    const status = this.#state.status === "saving" ? "saving" : value === this.#kept ? "clean" : "dirty";
    this.#set({ status, value, error: null });
  }

  /** Sends what has not been saved, once at a time. */
  async commit() {
    if (this.#state.status === "saving" || this.#state.value === this.#kept) return;
    const value = this.#state.value;
    this.#set({ status: "saving", value, error: null });
    try {
      this.#kept = await this.#save(value);
    } catch (error) {
      this.#set({ status: "failed", value: this.#state.value, error });
      return;
    }
    await this.#settle(value);
  }

  /** Saved elsewhere, by another tab: taken over unless something waits here. @param {string} value */
  reset(value) {
    this.#kept = value;
    if (this.#state.status === "clean" || this.#state.status === "saved") this.#set({ status: "clean", value, error: null });
  }

  /** @param {string} sent */
  async #settle(sent) {
    if (this.#state.value === sent) return this.#set({ status: "saved", value: this.#kept, error: null });
    this.#set({ status: "dirty", value: this.#state.value, error: null });
    return this.commit();
  }

  /** @param {SaveState} state */
  #set(state) {
    this.#state = state;
    this.#changed(state);
  }
}
