// The page by keyboard and by the tactile keypad: digits choose or are the PIN's, Enter is the
// main choice, Escape cancels, `*` says it again, `+` and `-` are the volume, `.` is more time,
// `/` opens the languages, 0 shows what comes next in a longer list or text.

/// So many choices have a number at a time.
const NUMBERED = 9;

export class Keys {
  #page;
  #from = 0;

  constructor(page) {
    this.#page = page;
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("laid-out", () => this.number(0));
  }

  /// Numbers the choices that are shown, from this one on.
  number(from) {
    const all = this.#numbered();
    this.#from = from < all.length ? from : 0;
    all.forEach((button, at) => {
      const number = at - this.#from + 1;
      button.querySelector(":scope > kbd")?.remove();
      if (number < 1 || number > NUMBERED) return;
      const key = document.createElement("kbd");
      key.textContent = String(number);
      key.setAttribute("aria-hidden", "true");
      button.prepend(key);
    });
    if (from > 0) all[this.#from]?.scrollIntoView({ block: "start" });
  }

  #numbered() {
    const menu = this.#page.menu();
    return [...(menu ?? document.getElementById("ask")).querySelectorAll(".numbered")];
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event;
    const handled = event.repeat ? key === "Enter" || /^[0-9.]$/.test(key) : this.#act(key);
    if (handled) event.preventDefault();
  }

  /// True where the key was the page's.
  #act(key) {
    const page = this.#page;
    if (page.menu() !== null) return this.#inMenu(key);
    if (/^[0-9]$/.test(key)) return page.digit(Number(key)) || this.#choose(Number(key));
    switch (key) {
      case "Enter":
        return this.#enter();
      case "Escape":
        page.escape();
        return true;
      case "Backspace":
        page.backspace();
        return true;
      case "*":
        page.repeat();
        return true;
      case "+":
        page.volume(1);
        return true;
      case "-":
        page.volume(-1);
        return true;
      case ".":
        page.moreTime();
        return true;
      case "/":
        page.languages();
        return true;
      default:
        return page.letter(key);
    }
  }

  #inMenu(key) {
    if (/^[0-9]$/.test(key)) return this.#choose(Number(key));
    // Escape closes a dialog by itself, Enter presses what has the focus.
    return false;
  }

  #choose(number) {
    if (number === 0) {
      if (this.#numbered().length > NUMBERED) {
        this.number(this.#from + NUMBERED);
        this.#page.numbered(this.#from);
      } else this.#scrollOn();
      return true;
    }
    const button = this.#numbered()[this.#from + number - 1];
    if (button) {
      button.focus();
      button.click();
    }
    return true;
  }

  /// Enter presses the button that has the focus; without one, the main choice.
  #enter() {
    if (document.activeElement?.closest("button, a")) return false;
    const ask = document.getElementById("ask");
    const numbered = this.#numbered();
    const main = ask.querySelector(".main") ?? (numbered.length === 1 ? numbered[0] : null);
    main?.click();
    return true;
  }

  /// The next part of a longer text, and from its end its beginning again.
  #scrollOn() {
    const inner = [...document.querySelectorAll(".scrolls, #main")];
    const box =
      inner.find((one) => one.scrollHeight > one.clientHeight + 4) ?? document.scrollingElement;
    const end = box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
    box.scrollTo({ top: end ? 0 : box.scrollTop + box.clientHeight * 0.8 });
  }
}
