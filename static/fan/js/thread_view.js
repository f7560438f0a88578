/** The log: keeps one element an item, in order, and touches only what changed. */

import { el } from "./dom.js";
import { houseCard } from "./house_cards.js";
import { MessageView } from "./message_view.js";
import { dayLabel } from "./times.js";

/** ports: {name, retry(item), discard(item)}. */
export class ThreadView {
  #list;
  #ports;
  #views = new Map();
  #dismissed = new Set();

  constructor(list, ports) {
    this.#list = list;
    this.#ports = ports;
  }

  show(items) {
    const wanted = items.filter((item) => !this.#dismissed.has(item.key));
    const keys = new Set(wanted.map((item) => item.key));
    for (const [key, view] of this.#views) if (!keys.has(key)) this.#remove(key, view);
    let place = this.#list.firstElementChild;
    for (const item of wanted) {
      const { node } = this.#viewOf(item);
      if (node === place) place = place.nextElementSibling;
      else this.#list.insertBefore(node, place);
    }
  }

  #viewOf(item) {
    if (!this.#views.has(item.key)) this.#views.set(item.key, this.#make(item));
    const view = this.#views.get(item.key);
    view.update?.(item);
    return view;
  }

  #make(item) {
    if (item.kind === "message") return new MessageView(this.#ports);
    if (item.kind === "notice") return { node: houseCard(item.notice, [this.#gotIt(item)]) };
    return { node: el("p", { class: "day", text: dayLabel(item.at) }) };
  }

  #gotIt(item) {
    const dismiss = () => {
      this.#dismissed.add(item.key);
      this.#remove(item.key, this.#views.get(item.key));
      this.#ports.dismissed();
    };
    return { label: "Got it", run: dismiss };
  }

  #remove(key, view) {
    view.node.remove();
    this.#views.delete(key);
  }
}

/** Arrows move by message while the focus is in the log; Home and End go to its ends. */
export function moveByArrows(log) {
  const steps = { ArrowUp: -1, ArrowDown: 1 };
  log.addEventListener("keydown", (event) => {
    const messages = [...log.querySelectorAll(".msg")];
    const here = messages.indexOf(document.activeElement);
    const next = target(event.key, here, messages.length, steps);
    if (next === null) return;
    event.preventDefault();
    messages[next]?.focus();
  });
}

function target(key, here, count, steps) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!(key in steps)) return null;
  return here < 0 ? count - 1 : Math.max(0, Math.min(count - 1, here + steps[key]));
}
