// Staff's key: a switch or a badge reader that types like a keyboard. It types F9, the digits of
// the code, and Enter; the keypad's digits do as well after F9. Nothing of it is shown.

const KEY = "F9";
const MOST_DIGITS = 16;
/// A code that is not finished within this time is forgotten. In milliseconds.
const PATIENCE = 20000;
/// Nobody uses the kiosk on these screens.
const IDLE = ["start", "out-of-order"];

export class StaffKey {
  #touch;
  #digits = null;
  #began = 0;

  constructor(touch) {
    this.#touch = touch;
    // Before the keys that residents use.
    window.addEventListener("keydown", (event) => this.#key(event), true);
  }

  #key(event) {
    const idle = IDLE.includes(document.body.dataset.screen);
    const late = performance.now() - this.#began > PATIENCE;
    if (!idle || late) this.#digits = null;
    if (event.key === KEY && idle) {
      this.#digits = "";
      this.#began = performance.now();
    } else if (this.#digits === null) {
      return;
    } else if (/^[0-9]$/.test(event.key) && this.#digits.length < MOST_DIGITS) {
      this.#digits += event.key;
    } else {
      const code = this.#digits;
      this.#digits = null;
      if (event.key === "Enter" && code !== "") this.#touch({ type: "staff-code", code });
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
