// The natal wheel: the server's drawing, in which a body shows its aspects.

import { byId, el, nameOf, svg } from "./dom.js";
import { t } from "./i18n.js";
import { readDrawing } from "./drawing.js";
import { coordinates } from "./place.js";

const reach = 14; // pixels from a body that still mean it

export class Wheel {
  #node;
  #detail;
  #data = null;
  #chosen = "sun";
  #svg = null;

  /**
   * @param {HTMLElement} node holds the wheel
   * @param {HTMLElement} detail holds what is said of the chosen body
   */
  constructor(node, detail) {
    this.#node = node;
    this.#detail = detail;
    const bodyAt = (event) => event.target.closest?.("[data-body]")?.dataset.body;
    node.addEventListener("click", (event) => {
      const key = this.#nearest(event) ?? bodyAt(event);
      if (key) this.select(key);
    });
    node.addEventListener("pointerover", (event) => event.pointerType === "mouse" && this.#light(bodyAt(event) ?? this.#chosen));
    node.addEventListener("pointerleave", () => this.#light(this.#chosen));
    node.addEventListener("focusin", (event) => bodyAt(event) && this.select(bodyAt(event)));
    node.addEventListener("keydown", (event) => this.#move(event));
  }

  /**
   * Draws a chart.
   * @param {Object} data the chart
   * @param {string} drawing the server's picture of it
   * @param {boolean} dark whether it is drawn for the night
   */
  render(data, drawing, dark) {
    const focused = this.#node.contains(document.activeElement);
    this.#data = data;
    this.#svg = readDrawing(drawing);
    this.#svg.classList.toggle("is-dark", dark);
    for (const body of this.#bodies()) {
      body.setAttribute("role", "button");
      body.setAttribute("aria-label", this.#spoken(body.dataset.body));
    }
    this.#svg.setAttribute("role", "group");
    this.#node.replaceChildren(this.#svg);
    this.select(this.#chosen);
    for (const body of this.#bodies()) {
      // Between a glyph's strokes there is nothing to touch.
      const { x, y, width, height } = body.getBBox();
      body.prepend(svg("rect", { class: "hit", x, y, width, height, fill: "transparent" }));
    }
    if (focused) this.#bodies().find((body) => body.dataset.body === this.#chosen)?.focus({ preventScroll: true });
  }

  /** Chooses a body by its key. */
  select(key) {
    this.#chosen = key;
    for (const body of this.#bodies()) {
      body.setAttribute("tabindex", body.dataset.body === key ? "0" : "-1");
      body.setAttribute("aria-pressed", String(body.dataset.body === key));
    }
    this.#light(key);
    this.#detail.removeAttribute("lang");
    this.#detail.hidden = false;
    this.#detail.replaceChildren(...this.#said(key));
  }

  #bodies() {
    return [...(this.#svg?.querySelectorAll("[data-body]") ?? [])];
  }

  /** Shows a body's own aspects and dims the others. */
  #light(key) {
    if (!this.#svg) return;
    for (const line of this.#svg.querySelectorAll("[data-aspect]")) {
      line.classList.toggle("is-dim", line.dataset.a !== key && line.dataset.b !== key);
    }
    for (const body of this.#bodies()) body.classList.toggle("is-lit", body.dataset.body === key);
  }

  /** The arrow keys go from body to body, in the order they stand in. */
  #move(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const bodies = this.#bodies();
    const at = bodies.findIndex((b) => b === event.target.closest?.("[data-body]"));
    if (!step || at === -1) return;
    event.preventDefault();
    bodies[(at + step + bodies.length) % bodies.length].focus();
  }

  /** The body nearest to where was clicked, where one is within a finger's reach. */
  #nearest({ clientX, clientY, detail }) {
    if (detail === 0) return undefined; // a key was pressed, and no place is meant
    const outside = (x, from, to) => Math.max(from - x, 0, x - to);
    const far = (body) => {
      const { left, right, top, bottom } = body.querySelector(".hit").getBoundingClientRect();
      return Math.hypot(outside(clientX, left, right), outside(clientY, top, bottom));
    };
    const [body] = this.#bodies().sort((a, b) => far(a) - far(b));
    return body && far(body) <= reach ? body.dataset.body : undefined;
  }

  #position(key) {
    return key === "fortune" ? this.#data.fortune : this.#data.bodies[key];
  }

  #spoken(key) {
    const p = this.#position(key);
    return t("wheel.says", { name: p.name, sign: nameOf(p.sign), degree: degrees(p.degree), house: p.house }) + (p.retro ? t("wheel.retroSays") : "");
  }

  /** The contents of the detail panel. */
  #said(key) {
    const p = this.#position(key);
    const aspects = this.#data.aspects.filter((a) => a.a === key || a.b === key);
    const fact = (label, value) => value && el("div", {}, el("dt", { text: t(label) }), el("dd", { text: value }));
    return [
      el("h2", { id: "detail-title", class: "detail-title" }, el("span", { text: p.name }),
        p.retro && el("span", { class: "seal-mark", text: t("wheel.retro") })),
      el("dl", { class: "detail-facts" },
        fact("wheel.sign", nameOf(p.sign)), fact("wheel.degree", degrees(p.degree)), fact("wheel.house", String(p.house)),
        fact("wheel.dignity", p.dignities?.map(nameOf).join(t("palace.separator"))),
        p.speed !== undefined && fact("wheel.speed", t("wheel.perDay", { degrees: p.speed.toFixed(3) }))),
      el("h3", { text: t("wheel.aspects") }),
      aspects.length > 0
        ? el("ul", { class: "aspects" }, ...aspects.map((a) => this.#aspect(a, key)))
        : el("p", { class: "none", text: t("detail.none") }),
    ];
  }

  #aspect(a, key) {
    const other = a.a === key ? a.b : a.a;
    const name = this.#position(other)?.name ?? { asc: t("wheel.asc"), mc: t("wheel.mc") }[other] ?? other;
    const way = t(a.applying ? "wheel.applying" : "wheel.separating");
    return el("li", { class: `aspect ${a.aspect.key}` },
      el("span", { class: "aspect-kind", text: nameOf(a.aspect) }), el("span", { text: name }),
      el("small", { text: `${degrees(a.orb)} ${way}` }));
  }
}

/** Degrees and minutes, cut off as tables do. */
function degrees(x) {
  const minutes = Math.floor(x * 60);
  return `${Math.floor(minutes / 60)}°${String(minutes % 60).padStart(2, "0")}′`;
}

/** Says which houses were used, and for which place. */
export function wheelLine(data, name) {
  const system = Object.keys(data.houses)[0];
  const fallback = data.houseFallback[system] ? t("wheel.fallback") : "";
  const where = coordinates(data.place);
  return t("wheel.line", { system: t(`system.${system}`), place: name ? t("wheel.placeNamed", { name, where }) : where }) + fallback;
}

/** Hides or shows the wheel in place of the board. */
export function showWheel(western) {
  byId("wheel").hidden = !western;
  byId("board-frame").hidden = western;
}
