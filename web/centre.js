// The middle of the board: whose chart it is.

import { el, nameOf } from "./dom.js";
import { language, t } from "./i18n.js";
import { branchGlyph, hourName, hourRange, isYangYear, lunarDate, rocYear, solarDate, stemGlyph } from "./calendar.js";

const pillars = [["year", "center.year"], ["month", "center.month"], ["day", "center.day"], ["hour", "center.hourPillar"]];

/**
 * The centre cell of a chart.
 * @param {Object} data the chart
 * @param {Object} who as Board.render takes it
 * @param {SVGElement} lines the drawing behind the words
 */
export function centreCell(data, who, lines) {
  return el("div", { class: "centre" }, lines,
    el("div", { class: "centre-words" },
      el("p", { class: "who" },
        who.name && el("strong", { class: "who-name", text: who.name }),
        el("span", { class: "polarity", text: polarity(data, who) })),
      el("dl", { class: "pillars", "aria-label": t("center.pillars") }, ...pillars.map(([key, label]) => pillar(data.pillars[key], label))),
      el("dl", { class: "facts" }, ...facts(data, who).map(([key, value]) => fact(key, value)))));
}

/** The centre of a board that waits for a birth. */
export function emptyCentre() {
  return el("div", { class: "centre" },
    el("div", { class: "centre-words" },
      el("p", { class: "empty-title", text: t("board.emptyTitle") }),
      el("p", { class: "empty-text", text: t("board.emptyText") })));
}

function facts(data, who) {
  return [
    ["center.solar", solarText(data, who)],
    ["center.lunar", lunarDate(data.lunar)],
    ["center.hour", hourText(data, who)],
    ["center.class", nameOf(data.fiveElements)],
    ["center.soul", nameOf(data.soulStar)],
    ["center.body", nameOf(data.bodyStar)],
    ["center.animal", nameOf(data.animal)],
    ["center.sign", nameOf(data.sign)],
  ];
}

function fact(key, value) {
  return value && el("div", { class: `fact ${key.replace("center.", "fact-")}` }, el("dt", { text: t(key) }), el("dd", { text: value }));
}

/** 陽男, 陰女 and so on, by the stem of the lunar year. */
function polarity(data, who) {
  const side = isYangYear(data.lunar.year) ? "yang" : "yin";
  return t(`center.${side}${who.gender === "male" ? "Male" : "Female"}`);
}

/** The solar date where it is known: a birth given by the lunar calendar has it only in the answer. */
function solarText(data, who) {
  const iso = data.solarDate ?? (who.calendar === "lunar" ? data.moment?.local?.slice(0, 10) : who.birthDate);
  if (!iso) return "";
  return language() === "en" ? solarDate(iso) : `${solarDate(iso)}（${rocYear(Number(iso.slice(0, 4)))}）`;
}

function hourText(data, who) {
  const given = who.birthTime ? `${who.birthTime} ` : "";
  const index = who.timeIndex ?? hourIndexOf(data);
  return index === undefined ? given + nameOf(data.time) : `${given}${hourName(index)}${who.birthTime ? "" : ` ${hourRange(index)}`}`;
}

function hourIndexOf(data) {
  return data.timeIndex ?? data.moment?.timeIndex?.[data.moment.used ?? "standard"];
}

function pillar(keys, label) {
  if (!keys) return null;
  const [stem, branch] = keys;
  return el("div", { class: "pillar-column" },
    el("dt", { text: t(label) }),
    el("dd", { lang: "zh-TW" }, el("span", { text: stemGlyph(stem) }), el("span", { text: branchGlyph(branch) })),
    language() === "en" && el("dd", { class: "pillar-latin", text: `${stem} ${branch}` }));
}
