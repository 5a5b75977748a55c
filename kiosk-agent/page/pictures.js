// The picture beside the words: where the card goes, where the paper comes out. It moves by CSS
// alone, and stands still for whoever asked for less motion.

import { make, symbol } from "./elements.js";

/// The parts of each screen's picture; each lies where the style sheet says for its name.
const PARTS = {
  start: ["paper", "pen"],
  terms: ["paper", "pen"],
  card: ["reader", "card", "arrow"],
  pin: ["card", "keypad"],
  reading: ["reader", "card", "waves"],
  "take-card": ["reader", "card", "arrow"],
  "looking-up": ["building", "magnifier"],
  municipality: ["building"],
  offer: ["paper"],
  preview: ["paper", "magnifier"],
  copies: ["paper", "paper"],
  pay: ["payment", "coin"],
  paying: ["payment", "coin"],
  issuing: ["paper", "pen"],
  printing: ["paper", "printer"],
  "take-paper": ["paper", "printer", "arrow"],
  another: ["paper", "paper"],
  "out-of-order": ["screen", "wrench"],
  staff: ["wrench"],
};

/// The picture of a screen; an ending has its tone's symbol, large.
export function picture(screen, tone) {
  const parts = PARTS[screen];
  const drawn = parts
    ? parts.map((part, at) => symbol(`part-${part}`, `part part-${part} nth-${at}`))
    : [symbol(tone, "part part-tone")];
  return make("div", { class: `scene scene-${parts ? screen : "ending"}` }, drawn);
}

/// No agent: a plug out of its socket.
export function lostPicture() {
  return make("div", { class: "scene scene-lost" }, symbol("part-plug", "part part-plug"));
}

/// Another screen is connected already.
export function refusedPicture() {
  return make(
    "div",
    { class: "scene scene-refused" },
    symbol("part-screen", "part part-screen nth-0"),
    symbol("part-screen", "part part-screen nth-1"),
  );
}
