/** The chat view: header, banner, log, composer; and what a screen reader is told. */

import { isClosed, bannerFor } from "./texts.js";
import { Composer } from "./composer.js";
import { el, icon, show } from "./dom.js";
import { crisisCard, houseCard } from "./house_cards.js";
import { linePath, lineState } from "./line.js";
import { scheduleParts } from "./times.js";
import { threadItems } from "./thread.js";
import { moveByArrows, ThreadView } from "./thread_view.js";

const NEAR_PX = 80;

/** Builds the view and keeps it true to the store. */
export function chatView({ artist, session, store, onLogOut }) {
  new ChatView(show("chat", artist), artist, session).keep(store, onLogOut);
}

class ChatView {
  #root;
  #artist;
  #session;
  #composer;
  #thread;
  #scroller;

  constructor(root, artist, session) {
    this.#root = root;
    this.#artist = artist;
    this.#session = session;
    this.#composer = new Composer(root.querySelector("form"), {
      send: (text) => this.#send(text),
      stop: () => session.cancel(),
    });
    this.#thread = new ThreadView(this.#part("thread"), {
      name: artist.name,
      retry: (item) => this.#retry(item),
      discard: (item) => this.#discard(item),
      dismissed: () => this.#composer.focus(),
    });
    this.#scroller = new Scroller(this.#part("scroll"), this.#part("newer"));
  }

  keep(store, onLogOut) {
    store.watch(oncePerFrame(() => this.#draw(store.get())));
    store.watch(onChange("help", (help) => this.#showHelp(help)));
    store.watch(onChange("required", (items) => this.#showRequired(items)));
    store.watch(onChange("spoken", (spoken) => spoken && announce(spoken)));
    showSchedule(this.#part("schedule"), this.#artist.schedule ?? []);
    showMood(this.#part("mood"), this.#artist.mood);
    moveByArrows(this.#part("log"));
    this.#part("logout").addEventListener("click", onLogOut);
    this.#root.firstElementChild.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && this.#session.cancel(),
    );
    this.#composer.focus();
  }

  #part(name) {
    return this.#root.querySelector(`[data-${name}]`);
  }

  #draw(state) {
    if (!this.#scroller.node.isConnected) return; // another view has taken the place
    const isReplying = this.#session.isReplying();
    this.#thread.show(threadItems(this.#session.conversation, this.#session.outbox, state));
    this.#scroller.settle(this.#session.conversation.running().at(-1)?.text.length ?? 0);
    showBanner(this.#part("banner"), bannerFor(state, this.#artist.name), () => this.#session.reconnect());
    showLine(this.#part("line"), lineState(state, isReplying));
    showHistory(this.#root, state.history, this.#session);
    this.#composer.show({ isReplying, isClosed: isClosed(state.connection) || state.required !== null });
  }

  #send(text) {
    this.#session.send(text);
    this.#scroller.toEnd();
  }

  #retry(item) {
    if (item.retry === "again") this.#session.retry(item.id);
    else this.#send(item.text);
    this.#composer.focus();
  }

  #discard(item) {
    this.#session.discard(item.id);
    this.#composer.focus();
  }

  #showHelp(help) {
    const place = this.#part("help");
    if (!help) return place.replaceChildren();
    const card = crisisCard(help, this.#artist.name, () => this.#answerHelp());
    place.replaceChildren(card);
    card.scrollIntoView({ block: "nearest" });
    return card.querySelector("h2").focus();
  }

  #answerHelp() {
    this.#session.answerHelp();
    this.#composer.focus();
  }

  #showRequired(items) {
    const place = this.#part("due");
    const gotIt = { label: "Got it", run: () => this.#acknowledge(items) };
    place.replaceChildren(...(items ?? []).map((item) => houseCard(item, [gotIt])));
    place.querySelector("button")?.focus();
  }

  async #acknowledge(items) {
    await this.#session.acknowledge(items.map(({ id }) => id));
    this.#composer.focus();
  }
}

function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

/** A watcher that runs only when its field has changed. */
function onChange(field, work) {
  let last = null;
  return (state) => {
    if (state[field] === last) return;
    last = state[field];
    work(last);
  };
}

function announce({ text, urgent }) {
  document.getElementById(urgent ? "urgent" : "polite").textContent = text;
}

function showBanner(node, banner, again) {
  const shown = banner ? `${banner.title} ${banner.text}`.trim() : "";
  if (node.dataset.shown === shown) return;
  node.dataset.shown = shown;
  node.hidden = !banner;
  if (!banner) return node.replaceChildren();
  const words = el("span", {}, el("b", { text: banner.title }), ` ${banner.text}`);
  const retry = banner.retry && el("button", { type: "button", class: "again", text: "Connect again", onclick: again });
  return node.replaceChildren(...[icon(banner.icon, "i-m"), words, retry].filter(Boolean));
}

function showLine(svg, state) {
  if (svg.dataset.state === state) return;
  svg.dataset.state = state;
  svg.querySelector("path").setAttribute("d", linePath(state));
}

function showHistory(root, { status, cursor, stuck }, session) {
  const earlier = root.querySelector("[data-earlier]");
  const failed = root.querySelector("[data-history-failed]");
  const isEmpty = status === "ready" && session.conversation.entries().length + session.outbox.entries().length === 0;
  earlier.hidden = !(status === "ready" && cursor);
  earlier.textContent = stuck ? "That did not load. Try again" : "Load earlier";
  earlier.onclick = () => session.loadEarlier();
  failed.hidden = status !== "failed";
  failed.querySelector("button").onclick = () => session.loadAgain();
  root.querySelector("[data-empty]").hidden = !isEmpty;
  root.querySelector("[data-loading]").hidden = status !== "loading";
}

function showSchedule(list, items) {
  list.closest("section").hidden = items.length === 0;
  list.replaceChildren(...items.slice(0, 5).map(scheduleRow));
}

function scheduleRow({ title, starts_at: startsAt }) {
  const { day, month, when } = scheduleParts(startsAt);
  const date = el("time", { datetime: startsAt }, el("b", { text: day }), ` ${month}`);
  return el("li", {}, date, el("div", {}, el("b", { text: title }), el("small", { text: when })));
}

function showMood(node, mood) {
  node.textContent = mood ? mood.line || mood.label : "";
}

/** Keeps to the newest unless the fan has scrolled up; then says that there is more below. */
class Scroller {
  #newer;
  #seen = "";

  constructor(node, newer) {
    this.node = node;
    this.#newer = newer;
    newer.addEventListener("click", () => this.toEnd());
    node.addEventListener("scroll", () => this.#isAtEnd() && this.#hide());
  }

  toEnd() {
    this.node.scrollTop = 0; // column-reverse: 0 is the newest
    this.#hide();
  }

  /** After drawing: `grown` changes when a reply grows. */
  settle(grown) {
    const now = `${this.node.scrollHeight}:${grown}`;
    if (this.#seen && now !== this.#seen && !this.#isAtEnd()) this.#newer.hidden = false;
    this.#seen = now;
  }

  #isAtEnd() {
    return Math.abs(this.node.scrollTop) < NEAR_PX;
  }

  #hide() {
    this.#newer.hidden = true;
  }
}
