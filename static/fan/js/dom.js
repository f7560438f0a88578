/** Small helpers over the document. Text only ever goes in as text. */

const SVG = "http://www.w3.org/2000/svg";

/** An element; `props` are attributes, `on…` listeners, and `text`. False and null leave an attribute out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) put(node, name, value);
  node.append(...children.filter(Boolean));
  return node;
}

function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "text") node.textContent = value;
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

export function icon(name, size = "i-s") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `i ${size}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Shows a view: the content of the template `view-<name>`, in place of what was there. */
export function show(name, artist) {
  const app = document.getElementById("app");
  app.replaceChildren(document.getElementById(`view-${name}`).content.cloneNode(true));
  if (artist) fillArtist(app, artist);
  return app;
}

/** Puts the artist's facts where `data-artist` asks for them. */
function fillArtist(root, artist) {
  for (const node of root.querySelectorAll("[data-artist]")) node.textContent = artist[node.dataset.artist] ?? "";
  for (const node of root.querySelectorAll("[data-portrait]")) placePortrait(node, artist);
}

function placePortrait(node, { portrait_url: url, name }) {
  if (url) node.replaceChildren(el("img", { src: url, alt: "", class: "photo" }));
  if (node.dataset.portrait === "named") node.setAttribute("aria-label", `Portrait of ${name}`);
}

/** A link that help or a notice may carry; anything else than these schemes is not one. */
export function isSafeHref(href) {
  return /^(tel:|sms:|https:\/\/)/i.test(href);
}
