// Draws the agent's views and sends touches. Whatever is not in a view is not on the page.

import * as asks from "./asks.js";
import { Bar } from "./bar.js";
import { connect } from "./connection.js";
import { Countdown } from "./countdown.js";
import { fill, loadSymbols, make, symbol } from "./elements.js";
import { Keys } from "./keys.js";
import { MunicipalityChooser } from "./municipality.js";
import { lostPicture, picture, refusedPicture } from "./pictures.js";
import { StaffKey } from "./staff.js";
import { Voice } from "./voice.js";

/// For so long after a new screen a touch is not taken: the second tap of a double tap was meant
/// for the screen before. In milliseconds.
const SETTLING = 300;

/// For so long the live region is empty before it says the next thing. In milliseconds.
const TELLING = 50;

const at = (id) => document.getElementById(id);

/// The agent may be gone for so long, as when one browser follows another, before it is said aloud.
/// In milliseconds.
const COMING_BACK = 5000;

let view = null;
/// What is shown and said without the agent; nothing of it is about a resident.
let known = null;
let unsaid = null;
let settling = null;
let telling = null;
let preview = null;
/// What each part of the page shows, so that only what changed is drawn again.
const drawn = new Map();

const voice = new Voice();
const countdown = new Countdown(at("time"), touch, insert);
const bar = new Bar(at("bar"), at("menu"), touch, voice);
const chooser = new MunicipalityChooser(touch, insert);

/// Sends a touch on what is shown now.
function touch(what) {
  if (view === null) return;
  if (settling === null) connection.send({ view: view.number, do: what });
}

/// Takes no touch until the new screen was there for a moment.
function settle() {
  clearTimeout(settling);
  document.body.dataset.settled = "no";
  settling = setTimeout(() => {
    settling = null;
    document.body.dataset.settled = "yes";
  }, SETTLING);
}

/// Whether a part of the page has to be drawn again.
function changed(part, ...words) {
  const now = JSON.stringify(words);
  if (drawn.get(part) === now) return false;
  drawn.set(part, now);
  return true;
}

/// The agent is there: nobody is told that it is not.
function found() {
  clearTimeout(unsaid);
  unsaid = null;
}

function show(next) {
  const before = view;
  view = next;
  found();
  known = { languages: view.languages, files: view.bar["without-agent"] };
  const newScreen = before?.screen !== view.screen || before?.title !== view.title;
  // A reminder asks the same as before: whoever is about to touch it may.
  if (newScreen && !asksTheSame(before)) settle();
  if (before !== null && before.screen !== "start" && view.screen === "start") bar.reset();
  document.documentElement.lang = view.language;
  document.title = view.title;
  Object.assign(document.body.dataset, {
    screen: view.screen,
    tone: view.tone,
    ask: view.ask.type,
    language: view.language,
    view: view.number,
  });
  bar.show(view);
  voice.keep(view.bar["without-agent"]);
  showWords();
  showAsk(newScreen);
  showLeave();
  countdown.show(view.time);
  if (newScreen) at("title").focus({ preventScroll: true });
  speak(newScreen);
  document.dispatchEvent(new Event("drawn"));
}

/// Whether what is asked now was asked before, on the same screen.
function asksTheSame(before) {
  return before?.screen === view.screen && JSON.stringify(before.ask) === JSON.stringify(view.ask);
}

function showWords() {
  if (changed("picture", view.screen, view.tone, view.screen === "ending" && view.title)) {
    fill(at("picture"), picture(view.screen, view.tone));
  }
  if (changed("words", view.tone, view.title, view.lines, view["staff-code"], view.language)) {
    fill(at("title"), symbol(view.tone, "symbol tone"), make("span", {}, view.title));
    const code = view["staff-code"];
    fill(
      at("lines"),
      view.lines.map((line) => make("p", {}, line)),
      code === null ? null : make("p", { class: "code" }, symbol("staff-code"), make("b", {}, code)),
    );
  }
  if (changed("progress", view.progress, view.title)) fill(at("progress"), ...progress());
}

function progress() {
  if (view.progress === null) return [];
  const { done, of } = view.progress;
  const bar = make("progress", { max: of, value: done, "aria-labelledby": "title" });
  return [bar, make("span", { class: "progress-number", "aria-hidden": "true" }, `${done} / ${of}`)];
}

function showAsk(newScreen) {
  const { ask } = view;
  const { entered, ...words } = ask;
  const ready = ask.type === "preview" && preview?.id === ask.picture;
  if (changed("ask", view.screen, words, view.language, ready)) {
    asks.wipePreview(at("ask"));
    if (ask.type !== "municipality") chooser.leave();
    drawAsk(ask, ready);
    document.dispatchEvent(new Event("laid-out"));
  }
  if (ask.type === "pin") asks.showDots(at("ask"), ask);
  if (ask.type !== "preview") preview = null;
  if (newScreen) {
    at("main").scrollTop = 0;
    document.scrollingElement.scrollTop = 0;
  }
}

function drawAsk(ask, ready) {
  const element = at("ask");
  const languages = view.screen === "start" ? [languageTiles()] : [];
  switch (ask.type) {
    case "choices":
      return fill(element, ...asks.drawChoices(ask, touch), ...languages);
    case "copies":
      return fill(element, ...asks.drawCopies(ask, touch));
    case "terms":
      return fill(element, ...asks.drawTerms(ask, touch));
    case "pin":
      return fill(element, ...asks.drawPin(ask, touch));
    case "preview": {
      const shown = {
        png: ready ? preview.png : null,
        title: [view.title, ...view.lines].join(" "),
        larger: view.bar["larger-text"],
      };
      return fill(element, ...asks.drawPreview(ask, touch, shown));
    }
    case "municipality":
      return chooser.draw(element, ask);
    default:
      return fill(element, ...languages);
  }
}

/// At first, every language by its own name: whoever cannot read this one finds theirs.
function languageTiles() {
  const tiles = view.languages.map(({ tag, name }) =>
    make(
      "button",
      {
        type: "button",
        class: "choice tile numbered",
        "data-key": `language-${tag}`,
        "aria-pressed": String(tag === view.language),
        onclick: () => touch({ type: "language", tag }),
      },
      make("span", { class: "choice-label", lang: tag }, name),
      tag === view.language ? symbol("good") : null,
    ),
  );
  return make("div", { class: "choices tiles languages" }, tiles);
}

function showLeave() {
  if (!changed("leave", view.cancel, view.back)) return;
  const button = (type, label, icon, key) =>
    label === null
      ? null
      : make(
          "button",
          { type: "button", class: `quiet ${type}`, "data-key": type, onclick: () => touch({ type }) },
          symbol(icon),
          make("span", {}, label),
          key ? make("kbd", { "aria-hidden": "true" }, key) : null,
        );
  fill(
    at("leave"),
    button("cancel", view.cancel, "cross", "Esc"),
    button("back", view.back, "backward", null),
  );
}

/// Says it: by voice, and to screen readers.
function speak(newScreen) {
  const { files = [], again = 0, text } = view.voice ?? {};
  const anew = changed("voice", files, again, view.title, view.lines, view.screen);
  if (anew) voice.say(files);
  const words = text || view.lines.join(" ");
  if (changed("live", words) || newScreen || anew) tell(words);
}

/// Says something between; nothing: what the screen says, again.
function insert(said) {
  if (said === null) {
    voice.repeat();
    tell(view.voice?.text ?? "");
  } else {
    voice.insert(said.files);
    tell(said.text);
  }
}

/// Tells screen readers. What stands there already is no news to them: it is emptied before.
function tell(words) {
  clearTimeout(telling);
  at("live").textContent = "";
  telling = setTimeout(() => {
    at("live").textContent = words;
  }, TELLING);
}

const page = {
  menu: () => (at("menu").open ? at("menu") : null),
  digit(digit) {
    if (view?.ask.type !== "pin") return false;
    touch({ type: "digit", digit });
    return true;
  },
  escape() {
    if (chooser.back()) return;
    if (view?.cancel) touch({ type: "cancel" });
  },
  backspace() {
    if (view?.ask.type === "pin") touch({ type: "erase" });
    else if (chooser.type("Backspace") || chooser.back()) return;
    else if (view?.back) touch({ type: "back" });
  },
  repeat: () => chooser.speak() || bar.repeat(),
  numbered: (from) => chooser.speak(from),
  volume: (steps) => bar.changeVolume(steps),
  moreTime: () => view?.time && touch({ type: "more-time" }),
  languages: () => view && bar.openMenu(),
  letter: (key) => chooser.type(key),
};

/// Covers the page: nothing of the resident is seen without the agent. What is said then, each text
/// in its language, came while it was there.
function cover(drawing, texts) {
  view = null;
  preview = null;
  drawn.clear();
  clearTimeout(telling);
  asks.wipePreview(at("ask"));
  chooser.leave();
  voice.say([]);
  countdown.show(null);
  at("menu").close();
  Object.assign(document.body.dataset, { screen: "", ask: "", way: "", tone: "problem" });
  for (const part of ["bar", "title", "lines", "progress", "ask", "leave", "live"]) fill(at(part));
  bar.forget();
  fill(at("picture"), drawing);
  const [first, ...others] = texts;
  if (first === undefined) return;
  const { tag, words } = first;
  fill(at("title"), symbol("problem", "symbol tone"), make("span", { lang: tag }, words));
  fill(at("lines"), ...others.map(({ tag, words }) => make("p", { lang: tag }, words)));
  tell(words);
}

await loadSymbols();
new Keys(page);
new StaffKey(touch);
const connection = connect({
  view: show,
  picture: (id, png) => {
    preview = { id, png };
  },
  lost() {
    // Told with each attempt to connect again: what is being said is not cut off.
    if (unsaid !== null) return;
    const present = document.documentElement.lang;
    const texts = (known?.languages ?? []).map(({ tag, ...text }) => {
      return { tag, words: text["without-agent"] };
    });
    // The language that was on the screen comes first.
    cover(lostPicture(), texts.sort((a, b) => (b.tag === present) - (a.tag === present)));
    unsaid = setTimeout(() => voice.insert(known?.files ?? []), COMING_BACK);
  },
  refused(text) {
    found();
    cover(refusedPicture(), text.split("\n").map((words) => ({ tag: null, words })));
  },
});
