// A picture the server drew, made part of the page. What is not on the short list of
// what its pictures are made of does not come in.

const tags = new Set(["svg", "g", "path", "rect", "text", "title", "desc"]);
const attributes = new Set([
  "xmlns", "width", "height", "viewBox", "role", "xml:lang", "font-family", "font-size", "font-weight", "text-anchor", "x", "y", "d",
  "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray",
]);

const policy = globalThis.trustedTypes?.createPolicy("fortunet-drawing", { createHTML: (text) => text });

/**
 * Reads a drawing.
 * @param {string} text an SVG document of the server's
 * @returns {SVGSVGElement}
 */
export function readDrawing(text) {
  const root = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "image/svg+xml").documentElement;
  for (const node of [root, ...root.querySelectorAll("*")]) {
    if (!tags.has(node.tagName)) throw new Error(`a drawing with <${node.tagName}>`);
    for (const { name } of [...node.attributes]) {
      if (!attributes.has(name) && !/^data-[a-z-]+$/.test(name)) node.removeAttribute(name);
    }
  }
  return document.importNode(root, true);
}
