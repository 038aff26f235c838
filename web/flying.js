// 飛化: arrows from the chosen palace to those that its stem's transformations fly to,
// and the marks of palaces whose transformations stay at home (自化).

import { el, svg } from "./dom.js";
import { t } from "./i18n.js";

const mutagens = ["sihuaLu", "sihuaQuan", "sihuaKe", "sihuaJi"];

export class Flying {
  #board;
  #layer = svg("svg", { class: "flying", "aria-hidden": "true" });
  #on = false;

  /** @param {HTMLElement} board */
  constructor(board) {
    this.#board = board;
    new ResizeObserver(() => this.#redraw()).observe(board);
  }

  #redraw = () => {};

  get on() {
    return this.#on;
  }

  set on(on) {
    this.#on = on;
  }

  /**
   * Draws the flights of a palace.
   * @param {HTMLElement[]} cells by palace index
   * @param {number[][]} flights for each palace where 祿, 權, 科 and 忌 fly
   * @param {number} from the chosen palace
   */
  draw(cells, flights, from) {
    this.#redraw = () => this.draw(cells, flights, from);
    for (const cell of cells) for (const node of cell.querySelectorAll(".self-flight")) node.remove();
    this.#layer.remove();
    if (!this.#on || !flights) return;
    for (const [index, cell] of cells.entries()) selfMarks(cell, flights[index], index);
    const frame = this.#board.getBoundingClientRect();
    const middle = (cell) => {
      const box = cell.getBoundingClientRect();
      return { x: box.left + box.width / 2 - frame.left, y: box.top + box.height / 2 - frame.top, reach: Math.min(box.width, box.height) * 0.3 };
    };
    this.#layer.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    this.#layer.replaceChildren(...flights[from].flatMap((to, m) => (to === from ? [] : arrow(middle(cells[from]), middle(cells[to]), m))));
    this.#board.append(this.#layer);
  }
}

/** Small seals in a palace for the transformations that stay there. */
function selfMarks(cell, flights, index) {
  const own = flights.flatMap((to, m) => (to === index ? [mutagens[m]] : []));
  if (own.length === 0) return;
  cell.querySelector(".palace-name").append(...own.map((m) =>
    el("span", { class: `self-flight ${m}`, title: t("board.selfFlight", { mutagen: t(`mutagen.says.${m}`) }), text: "↓" + t(`mutagen.${m}`) })));
}

/** An arrow that ends before the middle of its palace; the four of one palace lie beside each other. */
function arrow(from, to, m) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  const aside = (m - 1.5) * 7;
  const at = (along, across) => [from.x + ux * along - uy * (aside + across), from.y + uy * along + ux * (aside + across)];
  const [x1, y1] = at(from.reach * 0.4, 0);
  const [x2, y2] = at(length - to.reach, 0);
  const head = [at(length - to.reach, 0), at(length - to.reach - 11, -5), at(length - to.reach - 11, 5)];
  return [
    svg("line", { class: mutagens[m], x1, y1, x2, y2 }),
    svg("polygon", { class: mutagens[m], points: head.map((p) => p.join(",")).join(" ") }),
  ];
}
