// What a moment brings, laid over the board: the palaces of each span of time, its
// flowing stars, and its transformations beside the stars they fall on.

import { el } from "./dom.js";
import { language, t } from "./i18n.js";

const mutagens = ["sihuaLu", "sihuaQuan", "sihuaKe", "sihuaJi"];

/**
 * Shows a moment on the cells of a board, in place of what was shown before.
 * @param {HTMLElement[]} cells by palace index
 * @param {Object|null} horoscope of a chart, null for the birth alone
 * @param {string[]} shown the spans of time, from the longest on
 */
export function showScopes(cells, horoscope, shown) {
  for (const cell of cells) {
    for (const node of cell.querySelectorAll(".flow")) node.remove();
    cell.dataset.says ??= cell.getAttribute("aria-label");
    cell.setAttribute("aria-label", cell.dataset.says);
  }
  if (!horoscope) return;
  for (const [index, cell] of cells.entries()) {
    const spans = shown.map((level) => t("travel.scope", { level: t(`travel.${level}`), name: horoscope[level].palaceNames[index] }));
    cell.setAttribute("aria-label", cell.dataset.says + spans.join(t("palace.separator")));
    const names = shown.map((level) => el("span", { class: `scope ${level}`, text: scopeWord(level, horoscope[level].palaceNames[index]) }));
    cell.querySelector(".foot-line").before(el("span", { class: "flow scopes" }, ...names));
    const stars = shown.flatMap((level) => (horoscope[level].starNames?.[index] ?? []).map((name) => el("span", { class: `flow-star ${level}`, text: name })));
    if (stars.length > 0) cell.querySelector(".stars").append(el("span", { class: "flow group flow-stars" }, ...stars));
  }
  for (const level of shown) {
    for (const [m, key] of horoscope[level].mutagen.entries()) mark(cells, key, level, mutagens[m]);
  }
}

/** Puts a transformation beside a star, wherever on the board it stands. */
function mark(cells, star, level, mutagen) {
  for (const cell of cells) {
    const node = cell.querySelector(`.star[data-key="${star}"]`);
    if (!node) continue;
    const title = `${t(`travel.${level}`)} ${t(`mutagen.says.${mutagen}`)}`;
    node.append(el("span", { class: `flow mutagen-flow ${level}`, title, text: t(`mutagen.${mutagen}`) }));
  }
}

/** 大命, 年財, or in Latin letters D soul. */
function scopeWord(level, name) {
  return language() === "en" ? `${t(`travel.short.${level}`)} ${name}` : t(`travel.short.${level}`) + name.slice(0, 1);
}
