/** Named timers: one of a name at a time, and all of them gone at the end. */
export class Timers {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #running = new Map();

  /**
   * In place of the one that ran under this name.
   * @param {string} name
   * @param {number} ms
   * @param {() => void} work
   */
  start(name, ms, work) {
    this.clear(name);
    const due = () => {
      this.#running.delete(name);
      work();
    };
    this.#running.set(name, setTimeout(due, ms));
  }

  /**
   * Counted from the first time that it is asked for.
   * @param {string} name
   * @param {number} ms
   * @param {() => void} work
   */
  startOnce(name, ms, work) {
    if (!this.#running.has(name)) this.start(name, ms, work);
  }

  /** @param {string} name */
  clear(name) {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  clearAll() {
    for (const name of [...this.#running.keys()]) this.clear(name);
  }
}
