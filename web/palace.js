// One palace on the board, and stars wherever they are shown.

import { el, nameOf } from "./dom.js";
import { t } from "./i18n.js";
import { branchGlyph, stemGlyph } from "./calendar.js";

// The characters of the main stars, shown beside their names in other scripts.
const glyphs = {
  ziweiMaj: "紫微", tianjiMaj: "天機", taiyangMaj: "太陽", wuquMaj: "武曲", tiantongMaj: "天同", lianzhenMaj: "廉貞",
  tianfuMaj: "天府", taiyinMaj: "太陰", tanlangMaj: "貪狼", jumenMaj: "巨門", tianxiangMaj: "天相", tianliangMaj: "天梁",
  qishaMaj: "七殺", pojunMaj: "破軍",
};

/** A palace's stem and branch as two characters. */
export const pillarOf = (palace) => stemGlyph(palace.stem) + branchGlyph(palace.branch);

/** A palace's name as it is spoken: 命宮 already says that it is one, 夫妻 does not. */
export function palaceName(palace) {
  const name = nameOf(palace.name);
  return name.endsWith("宮") || name.endsWith("宫") ? name : t("palace.suffix", { name });
}

/** The button that is a palace on the board. */
export function palaceCell(palace) {
  const { decadal } = palace;
  return el("button", { type: "button", class: cellClass(palace), "aria-label": spoken(palace), data: { index: palace.index, key: palace.name.key ?? "" } },
    el("span", { class: "stars" },
      group("major", palace.major), group("minor", palace.minor), group("adjective", palace.adjective)),
    el("span", { class: "foot-line" },
      el("span", { class: "foot-left" }, ...["suiqian12", "jiangqian12", "boshi12"].map((cycle) => god(palace, cycle))),
      el("span", { class: "foot-middle" },
        el("span", { class: "ages", text: palace.ages.slice(0, 5).join(" ") }),
        el("span", { class: "decade", text: t("palace.ages", decadal) }),
        el("span", { class: "palace-name" }, nameOf(palace.name), ...marks(palace))),
      el("span", { class: "foot-right" },
        god(palace, "changsheng12"),
        el("span", { class: "pillar", lang: "zh-TW", text: pillarOf(palace) }))));
}

/** The god of one of the twelve-cycles. */
function god(palace, cycle) {
  return el("span", { class: `god ${cycle}`, text: nameOf(palace[cycle]) });
}

function cellClass(palace) {
  const classes = ["palace"];
  if (palace.isSoul) classes.push("is-soul");
  if (palace.isBody) classes.push("is-body");
  if (palace.isOrigin) classes.push("is-origin");
  return classes.join(" ");
}

/** The seals of the body palace and the palace of origin. */
export function marks(palace) {
  return [
    palace.isBody && el("span", { class: "seal-mark body", title: t("palace.body"), text: t("palace.bodyMark") }),
    palace.isOrigin && el("span", { class: "seal-mark origin", title: t("palace.origin"), text: t("palace.originMark") }),
  ].filter(Boolean);
}

function group(kind, stars) {
  return el("span", { class: `group ${kind}` }, ...stars.map((s) => star(s, kind)));
}

/** A main star in two characters, whatever the language of its name. */
export const starGlyph = (s) => glyphs[s.key] ?? nameOf(s);

/** A star with its brightness and transformation. */
export function star(s, kind) {
  const glyph = glyphs[s.key];
  const name = nameOf(s);
  return el("span", { class: `star ${kind} ${s.type}`, data: { key: s.key } },
    el("span", { class: "star-name" }, name),
    glyph && glyph !== name && kind === "major" && el("span", { class: "star-glyph", lang: "zh-TW", text: glyph }),
    s.brightness && el("span", { class: `brightness ${s.brightness}`, text: brightnessText(s) }),
    s.mutagen && el("span", { class: `mutagen ${s.mutagen}`, text: t(`mutagen.${s.mutagen}`) }));
}

/** A brightness as shown; the brackets some languages have are the board's to draw. */
function brightnessText(s) {
  return (s.brightnessName || s.brightness).replace(/[[\]]/g, "");
}

/** A star in words: name, brightness, transformation. */
export function starWords(s) {
  const parts = [nameOf(s)];
  if (s.brightness) parts.push(brightnessText(s));
  if (s.mutagen) parts.push(t(`mutagen.says.${s.mutagen}`));
  return parts.join(" ");
}

/** The palace in a sentence, for who does not see the board. */
function spoken(palace) {
  const said = [palace.isBody && t("palace.body"), palace.isOrigin && t("palace.origin")].filter(Boolean);
  const separator = t("palace.separator");
  return t("palace.says", {
    name: palaceName(palace),
    glyphs: pillarOf(palace),
    marks: said.map((s) => separator + s).join(""),
    stars: palace.major.map(starWords).join(separator) || t("palace.noMajor"),
    from: palace.decadal.from,
    to: palace.decadal.to,
  });
}
