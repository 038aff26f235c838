// One line on how the hour was read from the clock.

import { t } from "./i18n.js";
import { hourName, solarDate } from "./calendar.js";

/**
 * Says how a birth's hour came about.
 * @param {Object} [moment] `moment` of a chart: {local, zone, offset (seconds or
 *   "+08:00"), dst, standardLocal, trueSolar, timeIndex{clock, standard,
 *   trueSolar}, used, pass}
 * @param {boolean} [western] the instant matters, and not the hour
 * @returns {string} "" where the hour was given and nothing was read
 */
export function momentLine(moment, western = false) {
  if (!moment?.local || !moment.timeIndex) return "";
  if (western) return instantLine(moment);
  const used = moment.used ?? "standard";
  const index = moment.timeIndex[used];
  if (index === undefined) return "";
  const vars = {
    clock: clockOf(moment.local),
    zone: moment.zone ?? "",
    offset: offsetText(moment.offset),
    standard: clockOf(moment.standardLocal ?? moment.local),
    solar: clockOf(moment.trueSolar ?? moment.local),
    hour: hourName(index),
  };
  return t(wordsFor(used, moment.dst), vars) + passWords(moment.pass);
}

/** Says which instant a clock's time was. */
function instantLine(moment) {
  const vars = { clock: clockOf(moment.local), zone: moment.zone, offset: offsetText(moment.offset), utc: `${solarDate(moment.utc.slice(0, 10))} ${moment.utc.slice(11, 19)}` };
  return t(moment.dst ? "board.moment.instantSummer" : "board.moment.instant", vars) + passWords(moment.pass);
}

function wordsFor(used, dst) {
  if (used === "trueSolar") return "board.moment.trueSolar";
  if (!dst) return "board.moment.clock";
  return used === "clock" ? "board.moment.summer" : "board.moment.standard";
}

/** Says which of the two was taken where the clocks were put back over the time. */
function passWords(pass) {
  return pass === "first" || pass === "second" ? t(`board.moment.${pass}`) : "";
}

/** The clock of "YYYY-MM-DDThh:mm:ss", with seconds only where there are some. */
function clockOf(local) {
  const clock = local.split(/[T ]/)[1] ?? local;
  return clock.replace(/:00$/, "").length === 5 ? clock.slice(0, 5) : clock.slice(0, 8);
}

function offsetText(offset) {
  if (typeof offset !== "number") return offset ?? "";
  const minutes = Math.round(Math.abs(offset) / 60);
  const rest = minutes % 60 === 0 ? "" : ":" + String(minutes % 60).padStart(2, "0");
  return (offset < 0 ? "−" : "+") + Math.floor(minutes / 60) + rest;
}
