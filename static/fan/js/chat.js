/** The chat view: header, banner, log, composer; and what a screen reader is told. */

import { artistColumn } from "./artist_column.js";
import { Cards } from "./chat_cards.js";
import { Line, showBanner, showHistory } from "./chat_banner.js";
import { chatHeader, showMood } from "./chat_header.js";
import { Composer } from "./composer.js";
import { part, show } from "./dom.js";
import { gettext } from "./i18n.js";
import { messageMenus } from "./message_menu.js";
import { openQuota } from "./quota_sheet.js";
import { openReport } from "./report_sheet.js";
import { learnRecord } from "./off_record.js";
import { bannerFor, isClosed } from "./texts.js";
import { threadItems } from "./thread.js";
import { moveByArrows } from "./thread_keys.js";
import { oncePerFrame, ThreadView } from "./thread_view.js";
import { toaster } from "./toast.js";
import { whySheet } from "./views.js";

/** @import { ChatState, Message, View, ViewContext } from "./types.js" */
/** @import { MessageItem } from "./thread.js" */

/**
 * Builds the view and keeps it true to the store.
 * @param {ViewContext} ctx
 * @returns {View}
 */
export function chatView(ctx) {
  const view = new ChatView(show("chat", ctx.artist), ctx);
  view.open();
  return view;
}

class ChatView {
  #root;
  #ctx;
  #composer;
  #thread;
  #line;
  #cards;
  #newer;
  #toast;
  #leaving = new AbortController();
  /** @type {(() => void)[]} */
  #endings = [];

  /** @param {HTMLElement} root @param {ViewContext} ctx */
  constructor(root, ctx) {
    const { artist, session } = ctx;
    this.#root = root;
    this.#ctx = ctx;
    this.title = gettext("{name}, AI persona", { name: artist.name });
    this.#composer = new Composer(part(root, "form"), {
      name: artist.name,
      draft: session.outbox.draft(),
      send: (text) => this.#send(text),
      stop: () => session.cancel(),
      keep: (text) => session.outbox.keepDraft(text),
    });
    this.#thread = new ThreadView(part(root, "[data-scroll]"), part(root, "[data-thread]"), {
      name: artist.name,
      retry: (item) => this.#retry(item),
      discard: (item) => this.#discard(item),
      explain: (message) => void this.#explain(message),
      dismissed: () => this.#composer.focus(),
      wantsEarlier: () => this.#wantsEarlier(),
      moved: () => this.#looked(),
    });
    this.#line = new Line(part(root, "[data-line]"), artist.mood);
    this.#cards = new Cards(root, ctx, () => this.#composer.focus());
    this.#newer = part(root, "[data-newer]");
    this.#toast = toaster(part(root, "[data-toast]"));
  }

  open() {
    const { store, session } = this.#ctx;
    const main = part(this.#root, "main");
    const log = part(this.#root, "[data-log]");
    chatHeader(main, this.#ctx);
    moveByArrows(log, this.#thread);
    messageMenus(log, this.#thread, this.#deeds());
    this.#newer.addEventListener("click", () => this.#toEnd());
    part(this.#root, "[data-history-failed] button").addEventListener("click", () => session.loadAgain());
    part(this.#root, "[data-earlier-failed] button").addEventListener("click", () => session.loadEarlier());
    main.addEventListener("keydown", (event) => event.key === "Escape" && session.cancel());
    const { signal } = this.#leaving;
    document.addEventListener("visibilitychange", () => this.#looked(), { signal });
    this.#endings.push(store.watch(oncePerFrame(() => this.#draw(store.get()))));
    this.#endings.push(...this.#watches());
    this.#endings.push(besideOnComputers(part(this.#root, "[data-column]"), this.#ctx));
    void learnRecord(part(this.#root, "[data-off-record]"), this.#ctx, signal);
    this.#composer.focus();
  }

  dispose() {
    this.#ctx.session.reading(false);
    this.#leaving.abort();
    this.#thread.dispose();
    this.#line.dispose();
    for (const end of this.#endings) end();
  }

  #watches() {
    const { store, session } = this.#ctx;
    return [
      store.watch(onChange("help", (help) => this.#cards.help(help))),
      store.watch(onChange("required", (items) => this.#cards.required(items))),
      store.watch(onChange("quota", (quota) => quota && openQuota(quota, () => session.closeQuota()))),
      store.watch(onChange("spoken", (spoken) => spoken && announce(spoken), store.get().spoken)),
      ...(this.#ctx.sought ? [store.watch(once(isRead, () => void this.#seek(this.#ctx.sought)))] : []),
    ];
  }

  /** @param {ChatState} state */
  #draw(state) {
    if (this.#leaving.signal.aborted) return;
    const { session, artist } = this.#ctx;
    const { conversation, outbox } = session;
    const isReplying = session.isReplying();
    const length = conversation.running().at(-1)?.text.length ?? 0;
    const items = threadItems(conversation, outbox, { slowTurn: state.slowTurn, newFrom: state.unread.from });
    showHistory(this.#root, state.history, items.length === 0);
    this.#thread.show(items);
    this.#line.show(state, isReplying, length);
    showBanner(part(this.#root, "[data-banner]"), bannerFor(state, artist.name), () => session.reconnect());
    showMood(part(this.#root, "main [data-mood]"), artist, { help: state.help, isQuiet: session.isQuiet() });
    this.#composer.show({ isReplying, isClosed: isClosed(state.connection) || state.required !== null });
    this.#looked();
  }

  /** The fan has moved, or come back, or something new has come: what is new, and what is seen? */
  #looked() {
    const { session, store } = this.#ctx;
    const isAtEnd = this.#thread.isAtEnd();
    session.reading(isAtEnd && !document.hidden);
    const { count } = store.get().unread;
    const hasNews = count > 0 || session.conversation.running().some((turn) => turn.text);
    this.#newer.hidden = isAtEnd || !(hasNews || this.#thread.isFarUp());
    part(this.#newer, "span").textContent = hasNews ? gettext("New reply") : gettext("To the newest");
    document.title = document.hidden && count > 0 ? `(${count}) ${this.title}` : this.title;
  }

  #wantsEarlier() {
    const { history } = this.#ctx.store.get();
    if (history.status === "ready" && history.cursor && !history.stuck) this.#ctx.session.loadEarlier();
  }

  /** Shows a message of the thread, however far back it was said. @param {string} id */
  async #seek(id) {
    const isFound = await this.#ctx.session.find(id);
    if (this.#leaving.signal.aborted) return;
    this.#draw(this.#ctx.store.get());
    const node = isFound ? this.#thread.reveal(id) : null;
    if (!node) return this.#toast(gettext("That message is not to be found."));
    node.classList.add("sought");
    node.addEventListener("blur", () => node.classList.remove("sought"), { once: true });
    node.focus({ preventScroll: true });
  }

  #toEnd() {
    this.#thread.toEnd();
    this.#composer.focus();
  }

  /** @param {string} text */
  #send(text) {
    this.#ctx.session.send(text);
    this.#thread.toEnd();
  }

  /** @param {MessageItem} item */
  #retry(item) {
    if (item.retry === "again") this.#ctx.session.retry(item.id ?? "");
    else this.#send(item.text);
    this.#composer.focus();
  }

  /** @param {MessageItem} item */
  #discard(item) {
    this.#ctx.session.discard(item.id ?? "");
    this.#composer.focus();
  }

  #deeds() {
    const { session } = this.#ctx;
    return {
      copy: (/** @type {string} */ text) => this.#copy(text),
      judge: (/** @type {Message} */ message, /** @type {"up" | "down"} */ value) => this.#judge(message, value),
      report: (/** @type {Message} */ message) => this.#report(message),
      explain: (/** @type {Message} */ message) => void this.#explain(message),
      retry: (/** @type {MessageItem} */ item) => this.#retry(item),
      discard: (/** @type {MessageItem} */ item) => this.#discard(item),
      stop: () => session.cancel(),
    };
  }

  /** @param {Message} message */
  #report(message) {
    openReport({
      send: (report) => this.#ctx.session.report(message.id, report),
      sent: () => this.#toast(gettext("Thank you. The artist’s team will look at it.")),
    });
  }

  /** @param {Message} message */
  async #explain(message) {
    const openWhy = await whySheet().catch(() => null);
    if (!openWhy) return this.#toast(gettext("No connection. Check the network and try again."));
    const report = message.reported ? null : () => this.#report(message);
    return openWhy(message, this.#ctx, { report, find: (id) => void this.#seek(id) });
  }

  /** @param {string} text */
  async #copy(text) {
    const isDone = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    this.#toast(isDone ? gettext("Copied") : gettext("This browser does not let us copy"));
  }

  /** @param {Message} message @param {"up" | "down"} value */
  async #judge(message, value) {
    const isKept = await this.#ctx.session.giveFeedback(message, value);
    this.#toast(isKept ? gettext("Thank you, noted") : gettext("That could not be saved. Try again."));
  }
}

/**
 * The artist's column, once there is room for it; the answer takes it off.
 * @param {HTMLElement} node
 * @param {ViewContext} ctx
 */
function besideOnComputers(node, ctx) {
  const wide = matchMedia("(min-width: 900px)");
  /** @type {{ dispose(): void } | null} */
  let column = null;
  const look = () => {
    if (wide.matches) column ??= artistColumn(node, ctx);
  };
  wide.addEventListener("change", look);
  look();
  return () => {
    wide.removeEventListener("change", look);
    column?.dispose();
  };
}

/**
 * A watcher that runs only when its field has changed.
 * @template {keyof ChatState} Field
 * @param {Field} field
 * @param {(value: ChatState[Field]) => void} work
 * @param {ChatState[Field] | null} [known]
 */
function onChange(field, work, known = null) {
  /** @type {ChatState[Field] | null} */
  let last = known;
  return (/** @type {ChatState} */ state) => {
    if (state[field] === last) return;
    last = state[field];
    work(state[field]);
  };
}

/**
 * A watcher that runs when something is so for the first time.
 * @param {(state: ChatState) => boolean} isSo
 * @param {() => void} work
 */
function once(isSo, work) {
  let isDone = false;
  return (/** @type {ChatState} */ state) => {
    if (isDone || !isSo(state)) return;
    isDone = true;
    work();
  };
}

/** @param {ChatState} state */
function isRead({ history }) {
  return history.status === "ready";
}

/** @param {{ text: string, urgent: boolean }} spoken */
function announce({ text, urgent }) {
  part(document, urgent ? "#urgent" : "#polite").textContent = text;
}
