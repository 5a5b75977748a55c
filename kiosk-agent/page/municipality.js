// The municipality: the card's own first; by prefecture, by kana, by name. Which step of that is
// open is the page's own; the agent hears of the municipality only.

import { choice } from "./asks.js";
import { fill, make, symbol } from "./elements.js";
import { KANA_KEYS, LETTER_KEYS, matches } from "./spelling.js";

/// So many found names are shown; a longer list is narrowed by another letter.
const MOST_FOUND = 40;

export class MunicipalityChooser {
  #element = null;
  #ask = null;
  #touch;
  #say;
  /// Where in the chooser: [] at first, then ["prefectures"], ["prefectures", 3], ["name"] …
  #path = [];
  #typed = "";
  #letters = false;

  /// `say(voice)` says what a step of its own asks; nothing: the screen's own words again.
  constructor(touch, say) {
    this.#touch = touch;
    this.#say = say;
  }

  /// Says the step that is open, its entries from this one on; false where none is.
  speak(from = 0) {
    if (this.#element === null || this.#path.length === 0) return false;
    const [step, at] = this.#path;
    const { aloud, prefectures, kana } = this.#ask;
    const groups = step === "prefectures" ? prefectures : kana;
    if (step === "name") this.#say(aloud["shown-only"]);
    else if (at === undefined) {
      this.#say(list(groups, (group) => group.name ?? group.row, aloud, from));
    } else {
      // Names of municipalities have no recordings: screen readers are told them.
      const shown = list(groups[at].municipalities, ({ name }) => name, aloud, from);
      const { files, text } = aloud["shown-only"];
      this.#say({ files, text: `${text} ${shown.text}` });
    }
    return true;
  }

  /// Draws it into an element; from then on it draws itself.
  draw(element, ask) {
    if (this.#element === null) {
      this.#path = [];
      this.#typed = "";
      // Whoever reads Japanese finds kana first.
      this.#letters = !document.documentElement.lang.startsWith("ja");
    }
    this.#element = element;
    this.#ask = ask;
    this.#redraw();
  }

  /// It is off the screen, and what was typed is forgotten.
  leave() {
    this.#element = null;
    this.#path = [];
    this.#typed = "";
    document.body.dataset.way = "";
  }

  /// One step back inside the chooser; false where there is none.
  back() {
    if (this.#element === null || this.#path.length === 0) return false;
    this.#go(this.#path.slice(0, -1));
    return true;
  }

  /// A letter of a keyboard that has some, while names are searched.
  type(letter) {
    if (this.#element === null || this.#path[0] !== "name") return false;
    if (letter === "Backspace") this.#typed = this.#typed.slice(0, -1);
    else if (/^[\p{L}ー]$/u.test(letter)) this.#typed += letter;
    else return false;
    this.#redraw();
    return true;
  }

  #go(path) {
    this.#path = path;
    this.#redraw();
    document.getElementById("title").focus({ preventScroll: true });
    if (!this.speak()) this.#say(null);
  }

  #redraw() {
    const [step, at] = this.#path;
    const { prefectures, kana, labels } = this.#ask;
    document.body.dataset.way = step ?? "";
    if (step === undefined) fill(this.#element, this.#first());
    else if (step === "name") fill(this.#element, this.#up(labels["by-name"]), this.#search());
    else {
      const groups = step === "prefectures" ? prefectures : kana;
      const label = labels[step === "prefectures" ? "by-prefecture" : "by-kana"];
      const name = (group) => group.name ?? group.row;
      if (at === undefined) {
        fill(
          this.#element,
          this.#up(label),
          make(
            "div",
            { class: `choices tiles ${step}` },
            groups.map((group, index) =>
              this.#tile(name(group), `${step}-${index}`, () => this.#go([step, index])),
            ),
          ),
        );
      } else {
        const group = groups[at];
        fill(this.#element, this.#up(name(group)), this.#entries(group.municipalities));
      }
    }
    document.dispatchEvent(new Event("laid-out"));
  }

  #first() {
    const { own, labels } = this.#ask;
    const way = (step, label, icon) =>
      make(
        "button",
        {
          type: "button",
          class: "choice numbered",
          "data-key": `way-${step}`,
          "data-id": step,
          onclick: () => this.#go([step]),
        },
        symbol(icon),
        make("span", { class: "choice-words" }, make("span", { class: "choice-label" }, label)),
        symbol("forward"),
      );
    return make(
      "div",
      { class: "choices" },
      own === null ? null : make("p", { class: "own-label" }, this.#ask["own-label"]),
      own === null ? null : this.#entry(own, own.available),
      way("prefectures", labels["by-prefecture"], "search"),
      way("kana", labels["by-kana"], "search"),
      way("name", labels["by-name"], "search"),
    );
  }

  #entries(list) {
    return make("div", { class: "choices entries" }, list.map((entry) => this.#entry(entry, false)));
  }

  #entry(entry, main) {
    const { code: id, name: label, detail, available } = entry;
    return choice(
      { id, label, detail, available, main },
      () => this.#touch({ type: "municipality", code: entry.code }),
    );
  }

  #tile(label, key, onclick) {
    return make(
      "button",
      { type: "button", class: "choice tile numbered", "data-key": key, onclick },
      make("span", { class: "choice-label" }, label),
    );
  }

  #up(label) {
    return make(
      "button",
      { type: "button", class: "quiet up", "data-key": "up", onclick: () => this.back() },
      symbol("backward"),
      make("span", {}, label),
    );
  }

  #search() {
    const { labels, kana } = this.#ask;
    const all = kana.flatMap((row) => row.municipalities);
    const found = this.#typed === "" ? [] : all.filter((entry) => matches(entry, this.#typed));
    const rows = this.#letters ? LETTER_KEYS : KANA_KEYS;
    const key = (letter) =>
      letter === " "
        ? make("span", {})
        : make(
            "button",
            {
              type: "button",
              class: "key",
              "data-key": `key-${letter}`,
              onclick: () => this.type(letter),
            },
            letter,
          );
    const typed = make(
      "p",
      { class: "typed", role: "status", "aria-label": labels.search },
      symbol("search"),
      make("span", { class: "typed-text" }, this.#typed || labels.search),
    );
    const wide = (name, label, onclick, ...content) =>
      make(
        "button",
        { type: "button", class: "key", "data-key": name, "aria-label": label, onclick },
        ...content,
      );
    const change = () => {
      this.#letters = !this.#letters;
      this.#redraw();
    };
    return make(
      "div",
      { class: "search" },
      make(
        "div",
        { class: `keys ${this.#letters ? "letters" : "kana-keys"}` },
        make(
          "div",
          { class: "key-rows" },
          rows.map((row) => make("div", { class: "key-row" }, [...row].map(key))),
        ),
        make(
          "div",
          { class: "key-row key-last" },
          wide("key-change", null, change, this.#letters ? "あいう" : "ABC"),
          wide("key-erase", labels.erase, () => this.type("Backspace"), symbol("erase")),
        ),
      ),
      typed,
      make(
        "div",
        { class: "choices entries found scrolls", "aria-live": "polite" },
        found.slice(0, MOST_FOUND).map((entry) => this.#entry(entry, false)),
      ),
    );
  }
}

/// So many entries have a number at a time.
const NUMBERED = 9;

/// Entries with their numbers, aloud and as words, from one of them on.
function list(all, name, aloud, from) {
  const shown = all.slice(from, from + NUMBERED);
  const files = shown.flatMap((entry, at) => [...aloud.numbers[at], ...(entry.files ?? [])]);
  const words = shown.map((entry, at) => `${at + 1}: ${name(entry)}`);
  if (all.length > NUMBERED) {
    files.push(...aloud.more.files);
    words.push(aloud.more.text);
  }
  return { files, text: words.join(" ") };
}
