// The bar at the top: language, voice, larger text, contrast, help; and the menu that opens from
// it. Larger text and contrast are the page's own and end with the resident.

import { fill, make, symbol } from "./elements.js";

export class Bar {
  #element;
  #menu;
  #touch;
  #voice;
  #view = null;
  #shown = "";

  constructor(element, menu, touch, voice) {
    this.#element = element;
    this.#menu = menu;
    this.#touch = touch;
    this.#voice = voice;
    menu.addEventListener("click", (event) => {
      if (event.target === menu) menu.close();
    });
  }

  /// Shows a view's words.
  show(view) {
    const changed = this.#view?.number !== view.number && this.#view?.screen !== view.screen;
    if (changed && this.#menu.open) this.#menu.close();
    this.#view = view;
    const words = JSON.stringify([view.bar, view.language, view.languages]);
    if (this.#shown === words) return;
    this.#shown = words;
    const { bar } = view;
    const present = view.languages.find(({ tag }) => tag === view.language)?.name ?? bar.language;
    fill(
      this.#element,
      make("p", { class: "sign", lang: "ja" }, make("span", {}, "証")),
      make(
        "div",
        { class: "tools" },
        this.#tool("language", present, bar.language, () => this.openMenu()),
        this.#tool("larger-text", bar["larger-text"], null, () => this.toggle("larger")),
        this.#tool("contrast", bar.contrast, null, () => this.toggle("contrast")),
        this.#tool("repeat", bar.repeat, null, () => this.repeat()),
        this.#tool("volume-down", bar["volume-down"], null, () => this.changeVolume(-1)),
        this.#tool("volume-up", bar["volume-up"], null, () => this.changeVolume(1)),
        this.#tool("help", bar.help, null, () => this.openHelp()),
      ),
    );
    this.#showStates();
  }

  #tool(name, label, longer, onclick) {
    return make(
      "button",
      {
        type: "button",
        class: `tool tool-${name}`,
        "data-key": `bar-${name}`,
        // On a narrow screen the label is not to be seen.
        "aria-label": longer === null ? label : `${longer}: ${label}`,
        onclick,
      },
      symbol(name),
      make("span", { class: "tool-label" }, label),
      name.startsWith("volume") ? make("span", { class: "level", "aria-hidden": "true" }) : null,
    );
  }

  /// Larger text or contrast, on or off.
  toggle(mode) {
    document.documentElement.classList.toggle(mode);
    this.#showStates();
    document.dispatchEvent(new Event("laid-out"));
  }

  /// As for the first resident.
  reset() {
    document.documentElement.classList.remove("larger", "contrast");
    this.#voice.reset();
    this.#showStates();
  }

  /// Nothing is shown any more.
  forget() {
    this.#view = null;
    this.#shown = "";
  }

  /// Says the screen again, and then which key does what.
  repeat() {
    this.#voice.repeat(...(this.#view?.bar.keys.files ?? []));
  }

  changeVolume(steps) {
    this.#voice.change(steps);
    this.#showStates();
  }

  #showStates() {
    const on = (mode) => String(document.documentElement.classList.contains(mode));
    const set = (tool, name, value) =>
      this.#element.querySelector(`.tool-${tool}`)?.setAttribute(name, value);
    set("larger-text", "aria-pressed", on("larger"));
    set("contrast", "aria-pressed", on("contrast"));
    for (const tool of ["volume-down", "volume-up"]) set(tool, "data-level", this.#voice.volume);
  }

  /// Languages, and what a keypad cannot reach otherwise: larger text and contrast.
  openMenu() {
    const { bar, languages, language } = this.#view;
    const close = () => this.#menu.close();
    const entry = (key, label, pressed, icon, lang, onclick) =>
      make(
        "button",
        {
          type: "button",
          class: "choice numbered",
          "data-key": key,
          "aria-pressed": String(pressed),
          onclick: () => {
            close();
            onclick();
          },
        },
        symbol(pressed ? "good" : icon),
        make("span", { class: "choice-label", lang }, label),
      );
    const on = (mode) => document.documentElement.classList.contains(mode);
    this.#open(
      bar.language,
      make(
        "div",
        { class: "choices languages" },
        languages.map(({ tag, name }) =>
          entry(`language-${tag}`, name, tag === language, "language", tag, () =>
            this.#touch({ type: "language", tag }),
          ),
        ),
        entry("menu-larger", bar["larger-text"], on("larger"), "larger-text", null, () =>
          this.toggle("larger"),
        ),
        entry("menu-contrast", bar.contrast, on("contrast"), "contrast", null, () =>
          this.toggle("contrast"),
        ),
      ),
    );
  }

  /// What the screen says, and which key does what, in the words of the view.
  openHelp() {
    const { title, lines, voice, bar, cancel, time } = this.#view;
    this.#voice.insert(bar.keys.files);
    const said = voice?.text || [title, ...lines].join(" ");
    const keys = [
      ["*", bar.repeat],
      ["+", bar["volume-up"]],
      ["-", bar["volume-down"]],
      ["/", bar.language],
      [".", time?.more],
      ["Esc", cancel],
    ];
    this.#open(
      bar.help,
      make("p", { class: "help-text" }, said),
      make(
        "ul",
        { class: "help-keys" },
        keys
          .filter(([, label]) => label)
          .map(([key, label]) => make("li", {}, make("kbd", {}, key), label)),
      ),
    );
  }

  #open(title, ...content) {
    const menu = this.#menu;
    menu.setAttribute("aria-label", title);
    fill(
      menu,
      make(
        "div",
        { class: "menu-head" },
        make("h2", {}, title),
        make(
          "button",
          {
            type: "button",
            class: "quiet close",
            "data-key": "close",
            "aria-label": this.#view.bar.close,
            onclick: () => menu.close(),
          },
          symbol("cross"),
        ),
      ),
      ...content,
    );
    if (!menu.open) menu.showModal();
    document.dispatchEvent(new Event("laid-out"));
  }
}
