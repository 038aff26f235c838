// What is said of the chosen palace, in full.

import { el, nameOf } from "./dom.js";
import { t } from "./i18n.js";
import { marks, palaceName, pillarOf, star } from "./palace.js";

const cycles = ["changsheng12", "boshi12", "suiqian12", "jiangqian12"];

/**
 * The contents of the detail panel.
 * @param {Object} data the chart
 * @param {number} index of the palace
 * @param {{facing: number, trines: number[]}} around the palaces that look on it
 * @param {function(number): void} go goes to another palace
 * @returns {HTMLElement[]}
 */
export function detailOf(data, index, around, go) {
  const palace = data.palaces[index];
  const facing = data.palaces[around.facing];
  return [
    el("h2", { id: "detail-title", class: "detail-title" },
      el("span", { text: palaceName(palace) }), ...marks(palace),
      el("span", { class: "detail-pillar", lang: "zh-TW", text: pillarOf(palace) })),
    palace.major.length > 0 ? starRow("major", palace.major) : emptyRow(facing),
    starRow("minor", palace.minor),
    starRow("adjective", palace.adjective),
    el("dl", { class: "detail-facts" }, ...facts(data, palace)),
    el("h3", { text: t("detail.triad") }),
    el("ul", { class: "triad" },
      triadItem("detail.facing", facing, go),
      ...around.trines.map((i) => triadItem("detail.trine", data.palaces[i], go))),
  ];
}

function starRow(kind, stars) {
  return el("div", { class: `detail-row ${kind}` },
    el("h3", { text: t(`detail.${kind}`) }),
    stars.length > 0
      ? el("ul", { class: "detail-stars" }, ...stars.map((s) => el("li", {}, star(s, kind))))
      : el("p", { class: "none", text: t("detail.none") }));
}

/** A palace without major stars borrows those of the palace facing it. */
function emptyRow(facing) {
  const stars = facing.major.map(nameOf).join(t("palace.separator"));
  const text = stars ? t("detail.empty", { name: palaceName(facing), stars }) : t("detail.emptyBoth");
  return el("div", { class: "detail-row major" }, el("h3", { text: t("detail.major") }), el("p", { class: "none", text }));
}

function facts(data, palace) {
  const { from, to } = palace.decadal;
  // Nominal age 1 is the lunar year of birth.
  const year = (age) => data.lunar.year + age - 1;
  const decade = t("detail.decadalValue", { from, to, glyphs: pillarOf(palace), first: year(from), last: year(to) });
  return [
    fact(t("detail.decadal"), decade, "wide"),
    fact(t("detail.ages"), t("detail.agesValue", { ages: palace.ages.join(t("palace.separator")) }), "wide"),
    ...cycles.map((cycle) => fact(t(`detail.${cycle}`), nameOf(palace[cycle]))),
  ];
}

function fact(label, value, extent = "") {
  return el("div", { class: extent }, el("dt", { text: label }), el("dd", { text: value }));
}

function triadItem(label, palace, go) {
  return el("li", {},
    el("button", { type: "button", class: "triad-button", on: { click: () => go(palace.index) } },
      el("span", { class: "triad-label", text: t(label) }),
      el("span", { class: "triad-name", text: palaceName(palace) }),
      el("span", { class: "triad-stars" },
        ...(palace.major.length > 0 ? palace.major.map((s) => star(s, "major")) : [el("span", { class: "none", text: t("palace.noMajor") })]))));
}
