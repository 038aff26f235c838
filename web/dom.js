// Small tools for building elements. Text goes in as text; nothing here, or
// anywhere on the page, turns a string into markup.

/**
 * Makes an element.
 * @param {string} tag
 * @param {Object} [props] `class`, `text`, `data` (dataset), `on` (listeners);
 *   every other name is an attribute, left out when null, undefined or false.
 * @param {...(Node|string|null|false|undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** Makes an SVG element, with the same arguments as el. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "on") for (const [type, f] of Object.entries(value)) node.addEventListener(type, f);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== false && c !== ""));
  return node;
}

/** The element with this id, which the page's HTML promises. */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no #${id}`);
  return node;
}

/** A name as the API gives it, {key, name} or a plain string, with a capital where its script has them. */
export function nameOf(named) {
  const name = typeof named === "string" ? named : (named?.name ?? named?.key ?? "");
  return name.charAt(0).toUpperCase() + name.slice(1);
}
