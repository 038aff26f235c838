// The board of twelve palaces: where each stands, which is chosen, and its three
// sides and four directions.

import { el, svg } from "./dom.js";
import { t } from "./i18n.js";
import { palaceBranch } from "./calendar.js";
import { palaceCell } from "./palace.js";
import { centreCell, emptyCentre } from "./centre.js";
import { detailOf } from "./detail.js";
import { Flying } from "./flying.js";
import { showScopes } from "./scopes.js";

// Row and column, from 0, of palace index 0 (寅) to 11 (丑), clockwise from the
// lower left.
const places = [[3, 0], [2, 0], [1, 0], [0, 0], [0, 1], [0, 2], [0, 3], [1, 3], [2, 3], [3, 3], [3, 2], [3, 1]];

/** The palaces that look on palace index: itself, the one facing it, and its two trines. */
export const triad = (index) => ({ self: index, facing: (index + 6) % 12, trines: [(index + 4) % 12, (index + 8) % 12] });

export class Board {
  #node;
  #detail;
  #data = null;
  #lang = "";
  #chosen = null; // palace index, or null for the soul palace
  #cells = [];
  #lines = null; // the drawing behind the centre
  #flying;
  #moment = { horoscope: null, shown: [] };

  /**
   * @param {HTMLElement} node holds the board
   * @param {HTMLElement} detail holds what is said of the chosen palace
   */
  constructor(node, detail) {
    this.#node = node;
    this.#detail = detail;
    this.#flying = new Flying(node);
    node.addEventListener("keydown", (event) => this.#move(event));
    node.addEventListener("pointerover", (event) => this.#hover(event));
    node.addEventListener("pointerleave", () => this.#mark(this.#index()));
  }

  /**
   * Draws a chart.
   * @param {Object} data the chart, as the server gives it
   * @param {Object} who {name, gender, lang, birthDate, birthTime, timeIndex, calendar}
   *   of the birth, lang being the language of the names in data
   */
  render(data, who) {
    this.#data = data;
    this.#lang = who.lang;
    this.#node.lang = who.lang;
    this.#node.classList.remove("is-empty");
    this.#lines = svg("svg", { class: "lines", viewBox: "0 0 2 2", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.#cells = data.palaces.map((palace) => this.#cell(palace));
    this.#node.replaceChildren(
      centreCell(data, who, this.#lines),
      el("ul", { class: "palaces", role: "list", "aria-label": t("board.label") }, ...this.#cells.map((cell, i) => placed(el("li", {}, cell), i))),
    );
    this.select(this.#chosen);
    showScopes(this.#cells, this.#moment.horoscope, this.#moment.shown);
  }

  /**
   * Lays a moment over the chart.
   * @param {Object|null} horoscope of a chart, null for the birth alone
   * @param {string[]} shown the spans of time shown of it
   */
  setMoment(horoscope, shown) {
    this.#moment = { horoscope, shown };
    if (this.#data) showScopes(this.#cells, horoscope, shown);
  }

  /** Shows where the chosen palace's transformations fly, or no longer. */
  setFlying(on) {
    this.#flying.on = on;
    this.#fly();
  }

  #fly() {
    if (this.#data) this.#flying.draw(this.#cells, this.#data.flying, this.#index());
  }

  /** Draws the board before there is a chart. */
  renderEmpty() {
    this.#node.classList.add("is-empty");
    this.#node.removeAttribute("lang");
    const blank = (_, i) => placed(el("li", {}, el("span", { class: "palace blank", text: palaceBranch(i) })), i);
    this.#node.replaceChildren(emptyCentre(), el("ul", { class: "palaces", "aria-hidden": "true" }, ...Array.from({ length: 12 }, blank)));
    this.#detail.hidden = true;
  }

  /** Chooses a palace by its index; null chooses the soul palace, at the next render if there is no chart yet. */
  select(index) {
    this.#chosen = index;
    if (this.#data === null) return;
    const chosen = this.#index();
    for (const [i, cell] of this.#cells.entries()) {
      cell.tabIndex = i === chosen ? 0 : -1;
      cell.setAttribute("aria-pressed", String(i === chosen));
    }
    this.#mark(chosen);
    this.#fly();
    this.#detail.lang = this.#lang;
    this.#detail.hidden = false;
    this.#detail.replaceChildren(...detailOf(this.#data, chosen, triad(chosen), (i) => this.#go(i)));
  }

  #index() {
    return this.#chosen ?? this.#data?.soulIndex ?? 0;
  }

  #cell(palace) {
    const cell = palaceCell(palace);
    cell.addEventListener("click", () => this.select(palace.index));
    cell.addEventListener("focus", () => {
      if (this.#index() !== palace.index) this.select(palace.index);
    });
    return cell;
  }

  /** Chooses a palace and puts the focus there. */
  #go(index) {
    this.select(index);
    this.#cells[index].focus();
  }

  /** Shows which palaces look on the one at index. */
  #mark(index) {
    if (this.#data === null || this.#cells.length === 0) return;
    const { facing, trines } = triad(index);
    for (const [i, cell] of this.#cells.entries()) {
      cell.classList.toggle("is-self", i === index);
      cell.classList.toggle("is-facing", i === facing);
      cell.classList.toggle("is-trine", trines.includes(i));
    }
    const points = [index, ...trines].map(anchor);
    const [from, to] = [anchor(index), anchor(facing)];
    this.#lines.replaceChildren(
      svg("polygon", { points: points.map((p) => p.join(",")).join(" ") }),
      svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }),
    );
  }

  /** Hovering shows a palace's directions without choosing it. */
  #hover(event) {
    if (event.pointerType !== "mouse" || this.#data === null) return;
    const index = this.#cells.indexOf(event.target.closest(".palace"));
    this.#mark(index === -1 ? this.#index() : index);
  }

  /** Arrow keys go to the palace in that direction, across the centre where it lies between. */
  #move(event) {
    const at = this.#cells.indexOf(event.target);
    if (at === -1) return;
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    let next = event.key === "Home" ? this.#data.soulIndex : at;
    if (step) {
      let [row, column] = places[at];
      do {
        [row, column] = [(row + step[0] + 4) % 4, (column + step[1] + 4) % 4];
        next = places.findIndex(([r, c]) => r === row && c === column);
      } while (next === -1);
    }
    if (next === at) return;
    event.preventDefault();
    this.#go(next);
  }
}

/** Gives a list item the place of a palace on the board. */
function placed(item, index) {
  const [row, column] = places[index];
  item.style.gridArea = `${row + 1} / ${column + 1}`;
  return item;
}

/** The point of the centre's edge nearest to a palace, in the drawing's units. */
function anchor(index) {
  const clamp = (x) => Math.min(Math.max(x + 0.5, 1), 3) - 1;
  const [row, column] = places[index];
  return [clamp(column), clamp(row)];
}
