/** The text box with Send and Stop. */

const TALLEST_PX = 160;

/** ports: {send(text), stop()}. Enter sends on a computer and breaks the line on a phone; Esc stops. */
export class Composer {
  #form;
  #box;
  #send;
  #stop;
  #state = { isReplying: false, isClosed: false };

  constructor(form, { send, stop }) {
    this.#form = form;
    this.#box = form.querySelector("textarea");
    this.#send = form.querySelector("[data-send]");
    this.#stop = form.querySelector("[data-stop]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(send);
    });
    this.#stop.addEventListener("click", () => this.#halt(stop));
    this.#box.addEventListener("input", () => this.#fit());
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#fit();
  }

  show(state) {
    this.#state = state;
    this.#box.disabled = state.isClosed;
    this.#fit();
  }

  focus() {
    this.#box.focus();
  }

  #key(event) {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!sends || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #submit(send) {
    const text = this.#box.value.trim();
    if (!text || this.#state.isClosed) return;
    this.#box.value = "";
    send(text);
    this.#fit();
    this.focus();
  }

  #halt(stop) {
    stop();
    this.focus();
  }

  /** As tall as its text, up to a limit; Send gives way to Stop while there is nothing to send. */
  #fit() {
    const { isReplying, isClosed } = this.#state;
    const isEmpty = this.#box.value.trim() === "";
    this.#stop.hidden = !isReplying;
    this.#send.hidden = isReplying && isEmpty;
    this.#send.disabled = isEmpty || isClosed;
    this.#box.style.height = "auto";
    this.#box.style.height = `${Math.min(TALLEST_PX, this.#box.scrollHeight)}px`;
  }
}
