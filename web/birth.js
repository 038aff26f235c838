// A birth as the form holds it: checking it, and what it becomes for the server.

import { daysIn, firstYear, lastYear, rocOffset } from "./calendar.js";
import { defaultZone } from "./zone.js";

/**
 * What a person entered, all of it strings or booleans, kept as it was typed.
 * @typedef {Object} Entry
 * @property {string} name
 * @property {"ziwei"|"zodiac"} system
 * @property {"male"|"female"|""} gender
 * @property {"solar"|"lunar"} calendar
 * @property {"ce"|"roc"} era
 * @property {string} year in years of the era
 * @property {string} month
 * @property {string} day
 * @property {boolean} leap
 * @property {"clock"|"hour"|"unknown"} clock which of the next two counts, if any
 * @property {string} clockTime "HH:MM"
 * @property {string} hourIndex "0" to "12"
 * @property {string} zone
 * @property {{name: string, latitude: number, longitude: number}|null} place
 * @property {"standard"|"clock"|"trueSolar"} basis
 * @property {"first"|"second"} pass
 */

/** A year as typed, with full-width digits made plain and a 年 at its end dropped. */
const plainYear = (text) => text.trim().replace(/\s*年$/, "").replace(/[\uff10-\uff19]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0));

/** The common year of an entry, or NaN where there is none yet. */
export function commonYear(entry) {
  const text = plainYear(entry.year);
  if (!/^-?\d+$/.test(text)) return NaN;
  return Number(text) + (entry.era === "roc" ? rocOffset : 0);
}

/**
 * What is wrong with an entry, in the order of the form: a list of {field, key,
 * vars}, where field names the control and key the words.
 */
export function faults(entry) {
  const found = [];
  const western = entry.system === "zodiac";
  if (!western && !entry.gender) found.push({ field: "gender", key: "error.gender" });
  const date = dateFault(entry);
  if (date) found.push(date);
  if (entry.clock === "clock" && !/^\d\d:\d\d/.test(entry.clockTime)) found.push({ field: "clockTime", key: "error.clockMissing" });
  if (entry.clock === "hour" && entry.hourIndex === "") found.push({ field: "hourIndex", key: "error.hourMissing" });
  if (western && !entry.place) found.push({ field: "place", key: "error.placeMissing" });
  if (!western && entry.clock === "clock" && entry.basis === "trueSolar" && !entry.place) found.push({ field: "place", key: "error.placeSolar" });
  return found;
}

function dateFault(entry) {
  if (entry.year.trim() === "") return { field: "year", key: "error.yearMissing" };
  const year = commonYear(entry);
  if (Number.isNaN(year)) return { field: "year", key: "error.yearDigits" };
  if (year < firstYear || year > lastYear) return { field: "year", key: "error.yearRange", vars: { year } };
  if (entry.month === "") return { field: "month", key: "error.monthMissing" };
  if (entry.day === "") return { field: "day", key: "error.dayMissing" };
  const [month, day] = [Number(entry.month), Number(entry.day)];
  const lunar = entry.calendar === "lunar";
  const days = daysIn(year, month, lunar);
  if (day > days) return { field: "day", key: "error.dayAbsent", vars: { year, month, days, day } };
  if (!lunar && year === firstYear && month === 1) return { field: "month", key: "error.dateEarly" };
  return null;
}

/**
 * The request for a chart, without its language, of an entry without faults. The name is
 * not part of it. Where the hour is not known it is that of hour index 0.
 */
export function requestOf(entry) {
  const two = (n) => String(n).padStart(2, "0");
  const request = {
    chartType: entry.system,
    birthDate: `${commonYear(entry)}-${two(entry.month)}-${two(entry.day)}`,
    timezone: entry.clock === "clock" ? entry.zone : defaultZone,
  };
  if (entry.clock === "clock") request.birthTime = entry.clockTime.slice(0, 5);
  else request.timeIndex = Number(entry.hourIndex || 0);
  if (entry.calendar === "lunar") {
    request.calendar = "lunar";
    request.leapMonth = entry.leap;
  }
  if (entry.system === "ziwei") request.gender = entry.gender;
  if (entry.clock === "clock") Object.assign(request, placeAndOptions(entry));
  return request;
}

/** What only matters where the hour is read from a clock. */
function placeAndOptions(entry) {
  const more = {};
  if (entry.place) {
    const { latitude, longitude } = entry.place;
    more.location = { latitude, longitude };
  }
  const options = {};
  if (entry.system === "ziwei" && entry.basis !== "standard") options.timeBasis = entry.basis;
  if (entry.pass !== "first") options.pass = entry.pass;
  if (Object.keys(options).length > 0) more.options = options;
  return more;
}

// Which control answers for a member of the request the server finds wrong.
const controls = {
  birthDate: "day", birthTime: "clockTime", timeIndex: "hourIndex", gender: "gender",
  timezone: "zone", leapMonth: "leap", calendar: "calendar", latitude: "place", longitude: "place", location: "place",
};

/** The name of the control for a field of the server's, "body.birthDate" and the like, or "". */
export function controlOf(field) {
  return controls[field.split(/[./]/).pop()] ?? "";
}
