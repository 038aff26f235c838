// Boards side by side, one for each hour that a birth may have had (定盤).

import { el, nameOf } from "./dom.js";
import { t } from "./i18n.js";
import { hourName, hourRange, palaceBranch } from "./calendar.js";
import { starGlyph } from "./palace.js";

/** Every hour of a day, from early to late 子. */
export const everyHour = Array.from({ length: 13 }, (_, i) => i);

/**
 * Shows small boards to choose from.
 * @param {HTMLElement} node
 * @param {{hour: number, data: Object}[]} charts
 * @param {string} lang of the names in them
 * @param {function(number): void} choose is told the index of the one chosen
 */
export function showHours(node, charts, lang, choose) {
  node.hidden = charts.length === 0;
  node.replaceChildren(
    el("p", { class: "hours-lead", text: t(charts.length > 2 ? "hours.lead" : "hours.leadZi") }),
    el("ul", { class: "hours-list", lang }, ...charts.map(({ hour, data }, i) => el("li", {}, card(hour, data, () => choose(i))))),
  );
}

function card(hour, data, choose) {
  const soul = data.palaces[data.soulIndex];
  const stars = soul.major.map(nameOf).join(t("palace.separator")) || t("palace.noMajor");
  return el("button", { type: "button", class: "hour-card", on: { click: choose } },
    el("span", { class: "hour-name" }, el("strong", { text: hourName(hour) }), el("small", { text: hourRange(hour) })),
    el("span", { class: "mini", "aria-hidden": "true" }, ...data.palaces.map((p) => mini(p, data))),
    el("span", { class: "hour-facts", text: t("hours.facts", { branch: palaceBranch(data.soulIndex), stars, body: nameOf(data.palaces[data.bodyIndex].name), class: nameOf(data.fiveElements) }) }));
}

// Row and column, from 1, of palace index 0 (寅) to 11 (丑).
const places = [[4, 1], [3, 1], [2, 1], [1, 1], [1, 2], [1, 3], [1, 4], [2, 4], [3, 4], [4, 4], [4, 3], [4, 2]];

function mini(palace, data) {
  const classes = ["mini-palace", palace.index === data.soulIndex && "is-soul", palace.index === data.bodyIndex && "is-body"].filter(Boolean);
  // Names in Latin letters do not fit, and cut short two of them look alike.
  const node = el("span", { class: classes.join(" "), lang: "zh-TW" }, ...palace.major.map((s) => el("span", { text: starGlyph(s) })));
  const [row, column] = places[palace.index];
  node.style.gridArea = `${row} / ${column}`;
  return node;
}
