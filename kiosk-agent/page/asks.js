// What a view asks: choices, terms, the PIN, a preview, copies. The municipality has a file of
// its own.

import { make, symbol } from "./elements.js";

/// A big button with a number for the keypad, a label, details, and a note where it is not to be
/// had: why not, and what to do instead.
export function choice({ id, label, detail, note, available, main }, onclick) {
  return make(
    "button",
    {
      type: "button",
      class: `choice numbered${main ? " main" : ""}${available ? "" : " unavailable"}`,
      "data-key": `choice-${id}`,
      "data-id": id,
      "aria-disabled": available ? null : "true",
      onclick: available ? onclick : null,
    },
    make(
      "span",
      { class: "choice-words" },
      make("span", { class: "choice-label" }, label),
      detail ? make("span", { class: "choice-detail" }, detail) : null,
      note ? make("span", { class: "choice-note" }, note) : null,
    ),
    symbol(available ? "forward" : "not-available"),
  );
}

function choices(list, touch, cls = "") {
  return make(
    "div",
    { class: `choices ${cls}` },
    list.map((one) => choice(one, () => touch({ type: "choose", id: one.id }))),
  );
}

export const drawChoices = (ask, touch) => [choices(ask.choices, touch)];

export function drawCopies(ask, touch) {
  return [make("p", { class: "each" }, ask.each), choices(ask.choices, touch, "copies")];
}

/// The terms scroll by themselves, so that the buttons below are always to be seen.
export function drawTerms(ask, touch) {
  return [
    make(
      "div",
      {
        class: "terms scrolls",
        tabindex: "0",
        role: "region",
        "aria-labelledby": "title",
        "data-key": "terms",
        lang: ask["text-language"],
      },
      ask.text
        .split(/\n\s*\n/)
        .map((paragraph) => make("p", {}, paragraph)),
    ),
    make(
      "div",
      { class: "choices two" },
      choice(
        { id: "agree", label: ask.agree, available: true, main: true },
        () => touch({ type: "agree" }),
      ),
      choice({ id: "decline", label: ask.decline, available: true }, () =>
        touch({ type: "decline" }),
      ),
    ),
  ];
}

/// Ten digits, erase and enter. A digit is sent and forgotten: the page never holds the PIN.
export function drawPin(ask, touch) {
  const digit = (number) =>
    make(
      "button",
      {
        type: "button",
        class: "pad",
        "data-key": `digit-${number}`,
        onclick: () => touch({ type: "digit", digit: number }),
      },
      String(number),
    );
  const act = (type, label, icon, cls = "") =>
    make(
      "button",
      {
        type: "button",
        class: `pad pad-${type} ${cls}`,
        "data-key": type,
        onclick: () => touch({ type }),
      },
      symbol(icon),
      make("span", {}, label),
    );
  return [
    make("div", { class: "dots", role: "img" }),
    make(
      "div",
      { class: "pads" },
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit),
      act("erase", ask.erase, "erase"),
      digit(0),
      act("enter", ask.enter, "enter", "main"),
    ),
  ];
}

/// How many digits there are; never which.
export function showDots(element, ask) {
  const dots = element.querySelector(".dots");
  dots.setAttribute("aria-label", `${ask.entered} / ${ask.digits}`);
  dots.replaceChildren(
    ...Array.from({ length: ask.digits }, (_, at) =>
      make("span", { class: at < ask.entered ? "dot filled" : "dot" }),
    ),
  );
}

/// The certificate as it will print, on a canvas: no copy of it gets an address of its own.
export function drawPreview(ask, touch, { png, title, larger }) {
  const canvas = make("canvas", { class: "sheet", role: "img", "aria-label": title });
  const frame = make(
    "div",
    { class: "frame scrolls", tabindex: "0", role: "region", "aria-labelledby": "title" },
    canvas,
  );
  if (png) paint(canvas, png);
  const zoom = make(
    "button",
    {
      type: "button",
      class: "quiet zoom",
      "data-key": "zoom",
      "aria-pressed": "false",
      onclick: () => {
        const zoomed = frame.classList.toggle("zoomed");
        zoom.setAttribute("aria-pressed", String(zoomed));
        document.dispatchEvent(new Event("laid-out"));
      },
    },
    symbol("larger"),
    make("span", {}, larger),
  );
  return [
    make("div", { class: "preview" }, frame, zoom),
    choices(ask.choices, touch, "beside"),
  ];
}

async function paint(canvas, png) {
  const bitmap = await createImageBitmap(new Blob([png], { type: "image/png" }));
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  canvas.dataset.painted = "yes";
}

/// Wipes the pixels of a preview that is about to be taken off the page.
export function wipePreview(element) {
  for (const canvas of element.querySelectorAll("canvas")) {
    canvas.width = 0;
    canvas.height = 0;
  }
}
