// The time that is left, and more of it. The agent keeps the time; between two of its views the
// page counts by itself.

import { fill, make, symbol } from "./elements.js";

/// Below so many seconds, and a third of the whole, it calls for attention.
const SOON = 15;

export class Countdown {
  #element;
  #touch;
  #ends = 0;
  #time = null;
  #shown = "";

  constructor(element, touch) {
    this.#element = element;
    this.#touch = touch;
    setInterval(() => this.#tick(), 200);
  }

  /// Shows the time of a view; none hides it.
  show(time) {
    this.#time = time;
    if (time === null) {
      this.#shown = "";
      fill(this.#element);
      return;
    }
    this.#ends = performance.now() + time["seconds-left"] * 1000;
    const words = `${time.label}\n${time.more}`;
    if (this.#shown !== words) {
      this.#shown = words;
      this.#draw(time);
    }
    this.#tick();
  }

  #draw(time) {
    fill(
      this.#element,
      make(
        "div",
        { class: "clock", role: "timer" },
        symbol("clock"),
        make("span", { class: "clock-label" }, time.label),
        make("span", { class: "clock-number" }),
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
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (number && number.textContent !== text) {
      number.textContent = text;
      const part = Math.min(1, left / Math.max(1, this.#time.of));
      this.#element.querySelector(".clock-bar > span").style.width = `${part * 100}%`;
      this.#element.classList.toggle("soon", left <= SOON || part <= 1 / 3);
    }
  }
}
