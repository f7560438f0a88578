/**
 * Small helpers over the document. Text only ever goes in as text.
 * @import { Artist } from "./types.js"
 */

import { gettext } from "./i18n.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element; `props` are attributes, `on…` listeners, and `text`. False and null leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | false | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) put(node, name, value);
  for (const child of children) if (child) node.append(child);
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {string} name
 * @param {any} value
 */
function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "text") node.textContent = value;
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

/**
 * @param {string} name of a symbol in templates/fan/_icons.html
 * @param {string} [size]
 */
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

/**
 * Shows a view: the content of the template `view-<name>`, in place of what was there. The first screen is in the
 * server's page already; it is taken as it stands, with whatever was typed into it meanwhile.
 * @param {string} name
 * @param {Artist} [artist]
 * @returns {HTMLElement}
 */
export function show(name, artist) {
  const app = /** @type {HTMLElement} */ (document.getElementById("app"));
  const isThere = app.dataset.painted === name;
  delete app.dataset.painted;
  if (!isThere) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`view-${name}`));
    app.replaceChildren(template.content.cloneNode(true));
  }
  app.dataset.view = name;
  if (artist) fillArtist(app, artist);
  return app;
}

/**
 * The part of a view that its template is known to have.
 * @template {Element} [Part=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {Part}
 */
export function part(root, selector) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`the template has no ${selector}`);
  return /** @type {Part} */ (found);
}

/**
 * Puts the artist's facts where `data-artist` asks for them.
 * @param {ParentNode} root
 * @param {Artist} artist
 */
export function fillArtist(root, artist) {
  /** @type {NodeListOf<HTMLElement>} */
  const places = root.querySelectorAll("[data-artist]");
  for (const node of places) node.textContent = String(artist[/** @type {keyof Artist} */ (node.dataset.artist)] ?? "");
  /** @type {NodeListOf<HTMLElement>} */
  const portraits = root.querySelectorAll("[data-portrait]");
  for (const node of portraits) placePortrait(node, artist);
}

/**
 * @param {HTMLElement} node
 * @param {Artist} artist
 */
function placePortrait(node, { portrait_url: url, name }) {
  if (url) node.replaceChildren(el("img", { src: url, alt: "", class: "photo" }));
  if (node.dataset.portrait === "named") node.setAttribute("aria-label", gettext("Portrait of {name}", { name }));
}

/**
 * A link that help or a notice may carry; anything else than these schemes is not one.
 * @param {string} href
 */
export function isSafeHref(href) {
  return /^(tel:|sms:|https:\/\/)/i.test(href);
}
