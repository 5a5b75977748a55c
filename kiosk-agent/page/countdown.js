// The time that is left, and more of it. The agent keeps the time; between two of its views the
// page counts by itself, and says once that it is nearly over.

import { fill, make, symbol } from "./elements.js";

/// Below so many seconds, and a third of the whole, it calls for attention.
const SOON = 15;

export class Countdown {
  #element;
  #touch;
  #ends = 0;
  #time = null;
  #shown = "";
  #warn;
  #warned = false;

  /// `warn(voice)` is called once when time is nearly over, and again after more of it was given.
  constructor(element, touch, warn) {
    this.#element = element;
    this.#touch = touch;
    this.#warn = warn;
    setInterval(() => this.#tick(), 200);
  }

  /// Shows the time of a view; none hides it.
  show(time) {
    this.#time = time;
    if (time === null) {
      this.#shown = "";
      fill(this.#element);
      this.#element.classList.remove("soon");
      return;
    }
    this.#ends = performance.now() + time["seconds-left"] * 1000;
    const words = `${around(time).join("\n")}\n${time.more}`;
    if (this.#shown !== words) {
      this.#shown = words;
      this.#draw(time);
    }
    this.#tick();
  }

  #draw(time) {
    const [before, after] = around(time);
    fill(
      this.#element,
      make(
        "div",
        { class: "clock", role: "timer" },
        symbol("clock"),
        make("span", { class: "clock-words" }, before, make("b", { class: "clock-number" }), after),
        make("span", { class: "clock-bar", "aria-hidden": "true" }, make("span", {})),
      ),
      make(
        "button",
        {
          type: "button",
          class: "quiet more-time",
          "data-key": "more-time",
          onclick: () => this.#touch({ type: "more-time" }),
        },
        make("span", {}, time.more),
        make("kbd", { "aria-hidden": "true" }, "."),
      ),
    );
  }

  #tick() {
    if (this.#time === null) return;
    const left = Math.max(0, Math.ceil((this.#ends - performance.now()) / 1000));
    const number = this.#element.querySelector(".clock-number");
    if (number === null || number.textContent === String(left)) return;
    number.textContent = String(left);
    const soon = this.#time.soon;
    if (soon !== null && left > soon.at) this.#warned = false;
    else if (soon !== null && !this.#warned) {
      this.#warned = true;
      this.#warn(soon.voice);
    }
    const part = Math.min(1, left / Math.max(1, this.#time.of));
    this.#element.querySelector(".clock-bar > span").style.width = `${part * 100}%`;
    this.#element.classList.toggle("soon", left <= SOON || part <= 1 / 3);
  }
}

/// The label without its number of seconds, which goes on changing: what stands before it and
/// what stands after it.
function around(time) {
  const number = String(time["seconds-left"]);
  const at = time.label.indexOf(number);
  if (at < 0) return [`${time.label} `, ""];
  return [time.label.slice(0, at), time.label.slice(at + number.length)];
}
