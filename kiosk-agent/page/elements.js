// Making elements: the page is built of these few calls, and of no markup out of strings.

/// An element with attributes and children. An attribute that is null or false is left out; one
/// that begins with "on" is a listener; text is always text, never markup.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== "") element.append(child);
  }
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/// A symbol of /symbols.svg. It says nothing by itself: words stand beside it.
export function symbol(name, cls = "symbol") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", cls);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  const box = document.getElementById(name)?.getAttribute("viewBox");
  if (box) svg.setAttribute("viewBox", box);
  return svg;
}

/// Loads the symbols into the document once, so that they are there also when the agent is not.
export async function loadSymbols() {
  const text = await (await fetch("/symbols.svg")).text();
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const svg = document.importNode(parsed.documentElement, true);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "store");
  document.body.append(svg);
}

/// Puts these children into an element, and the focus back where it was: on the element with the
/// same `data-key`.
export function fill(element, ...children) {
  const focused = element.contains(document.activeElement)
    ? document.activeElement.dataset.key
    : undefined;
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== ""));
  if (focused !== undefined) {
    element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}
