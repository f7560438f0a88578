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
  const root = show("chat", artist);
  const find = (name) => root.querySelector(`[data-${name}]`);
  const composer = new Composer(root.querySelector("form"), { send, stop: () => session.cancel() });
  const thread = new ThreadView(find("thread"), { name: artist.name, retry, discard, dismissed: () => composer.focus() });
  const scroller = new Scroller(find("scroll"), find("newer"));

  function send(text) {
    session.send(text);
    scroller.toEnd();
  }

  function retry(item) {
    if (item.retry === "again") session.retry(item.id);
    else send(item.text);
    composer.focus();
  }

  function discard(item) {
    session.discard(item.id);
    composer.focus();
  }

  const draw = (state) => {
    if (!root.contains(scroller.node)) return; // another view has taken the place
    const isReplying = session.isReplying();
    thread.show(threadItems(session.conversation, session.outbox, state));
    scroller.settle(session.conversation.running().at(-1)?.text.length ?? 0);
    showBanner(find("banner"), bannerFor(state, artist.name), () => session.reconnect());
    showLine(find("line"), lineState(state, isReplying));
    showHistory(root, state.history, session);
    composer.show({ isReplying, isClosed: isClosed(state.connection) || state.required !== null });
  };
  store.watch(oncePerFrame(() => draw(store.get())));
  store.watch(onChange("help", (help) => showHelp(find("help"), help, artist.name, () => (session.answerHelp(), composer.focus()))));
  store.watch(onChange("required", (items) => showRequired(find("due"), items, session, composer)));
  store.watch(onChange("spoken", (spoken) => spoken && announce(spoken)));

  showSchedule(find("schedule"), artist.schedule ?? []);
  showMood(find("mood"), artist.mood);
  moveByArrows(find("log"));
  root.querySelector("[data-logout]").addEventListener("click", onLogOut);
  root.addEventListener("keydown", (event) => event.key === "Escape" && session.isReplying() && session.cancel());
  composer.focus();
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

function showHelp(place, help, name, done) {
  if (!help) return place.replaceChildren();
  const card = crisisCard(help, name, done);
  place.replaceChildren(card);
  card.scrollIntoView({ block: "nearest" });
  return card.querySelector("h2").focus();
}

function showRequired(place, items, session, composer) {
  const cards = (items ?? []).map((item) => {
    const gotIt = async () => {
      await session.acknowledge(items.map(({ id }) => id));
      composer.focus();
    };
    return houseCard(item, [{ label: "Got it", run: gotIt }]);
  });
  place.replaceChildren(...cards);
  place.querySelector("button")?.focus();
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
