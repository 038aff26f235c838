// One line on how the hour was read from the clock.

import { t } from "./i18n.js";
import { hourName } from "./calendar.js";

/**
 * Says how a birth's hour came about.
 * @param {Object} [moment] `moment` of a chart: {local, zone, offset (seconds or
 *   "+08:00"), dst, standardLocal, trueSolar, timeIndex{clock, standard,
 *   trueSolar}, used}
 * @returns {string} "" where the hour was given and nothing was read
 */
export function momentLine(moment) {
  if (!moment?.local || !moment.timeIndex) return "";
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
  if (used === "trueSolar") return t("board.moment.trueSolar", vars);
  if (!moment.dst) return t("board.moment.clock", vars);
  return t(used === "clock" ? "board.moment.summer" : "board.moment.standard", vars);
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
