// Stems, branches, hours and years: what a date is called.

import { language, t } from "./i18n.js";

const stemKeys = ["jia", "yi", "bing", "ding", "wu", "ji", "geng", "xin", "ren", "gui"];
const branchKeys = ["zi", "chou", "yin", "mao", "chen", "si", "wu", "wei", "shen", "you", "xu", "hai"];
const stemGlyphs = "甲乙丙丁戊己庚辛壬癸";
const branchGlyphs = "子丑寅卯辰巳午未申酉戌亥";

/** The births the server takes. */
export const firstYear = 1900;
export const lastYear = 2100;

/** Years of the Republic are this much less than common ones. */
export const rocOffset = 1911;

/** The character of a stem's key. */
export const stemGlyph = (key) => stemGlyphs[stemKeys.indexOf(key)] ?? key;

/** The character of a branch's key. */
export const branchGlyph = (key) => branchGlyphs[branchKeys.indexOf(key)] ?? key;

/** The character of the branch of palace index 0 to 11, where 0 is 寅. */
export const palaceBranch = (index) => branchGlyphs[(index + 2) % 12];

/** A year's stem and branch as two characters. */
export function yearGlyphs(year) {
  const n = year - 4;
  return stemGlyphs[((n % 10) + 10) % 10] + branchGlyphs[((n % 12) + 12) % 12];
}

/** Whether the stem of a lunar year is yang. */
export const isYangYear = (year) => year % 2 === 0;

/** The clock range of hour index 0 to 12: 早子 opens the day, 晚子 closes it. */
export function hourRange(index) {
  const two = (h) => String(h).padStart(2, "0") + ":00";
  if (index === 0) return "00:00–01:00";
  if (index === 12) return "23:00–24:00";
  return `${two(index * 2 - 1)}–${two(index * 2 + 1)}`;
}

/** What hour index 0 to 12 is called. */
export const hourName = (index) => t(`hour.${index}`);

/** A number from 1 to 30 the way lunar days are written. */
function lunarDayGlyphs(day) {
  const digits = "一二三四五六七八九十";
  if (day <= 10) return "初" + digits[day - 1];
  if (day < 20) return "十" + digits[day - 11];
  if (day === 20) return "二十";
  return day === 30 ? "三十" : "廿" + digits[day - 21];
}

const lunarMonths = ["正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"];

/** What month 1 to 12 is called, in the lunar or the solar calendar. */
export function monthName(month, lunar) {
  if (language() === "en") {
    if (lunar) return t("date.lunarMonth", { month });
    return new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(Date.UTC(2000, month - 1, 1));
  }
  return lunar ? lunarMonths[month - 1] : `${month}月`;
}

/** What day 1 to 31 is called. */
export function dayName(day, lunar) {
  if (language() === "en") return String(day);
  return lunar ? lunarDayGlyphs(day) : `${day}日`;
}

/** A lunar date, {year, month, day, isLeap}, in words. */
export function lunarDate(d) {
  if (language() === "en") {
    const leap = d.isLeap ? t("date.leapMark") : "";
    return t("date.lunar", { day: d.day, month: d.month, leap, year: d.year, glyphs: yearGlyphs(d.year) });
  }
  return `${yearGlyphs(d.year)}年${d.isLeap ? "閏" : ""}${lunarMonths[d.month - 1]}${lunarDayGlyphs(d.day)}`;
}

/** A solar date, "YYYY-MM-DD", in words. */
export function solarDate(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  if (language() === "en") {
    const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    return new Intl.DateTimeFormat("en-GB", options).format(Date.UTC(year, month - 1, day));
  }
  return `${year}年${month}月${day}日`;
}

/** A common year in the years of the Republic, in words. */
export function rocYear(year) {
  const n = year - rocOffset;
  return n >= 1 ? t("date.roc", { n }) : t("date.beforeRoc", { n: 1 - n });
}

// The leap month of each lunar year from 1900 on, in hexadecimal; 0 where there is none.
const leapMonths =
  "8005004002060050020700500400206005003070060040020700500308006004003" +
  "07005004080060040a006005003080050040020700500409006004002060050030b" +
  "0060050020700500308006004003070050040800600400307005004080060040020";

/** The leap month of a lunar year, 0 where it has none. */
export const leapMonth = (year) => parseInt(leapMonths[year - firstYear] ?? "0", 16);

/** How many days a month has: at most 30 in the lunar calendar. */
export function daysIn(year, month, lunar) {
  return lunar ? 30 : new Date(Date.UTC(year, month, 0)).getUTCDate();
}
