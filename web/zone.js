// The list of time zones to choose from: those most asked for, then all.

import { el } from "./dom.js";
import { has, language, t } from "./i18n.js";

/** The zone of a birth nobody moved. */
export const defaultZone = "Asia/Taipei";

const common = [
  "Asia/Taipei", "Asia/Hong_Kong", "Asia/Macau", "Asia/Shanghai", "Asia/Singapore", "Asia/Kuala_Lumpur",
  "Asia/Tokyo", "Asia/Seoul", "Asia/Manila", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Jakarta",
  "Australia/Sydney", "Pacific/Auckland", "Europe/London", "Europe/Paris", "Europe/Berlin",
  "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Vancouver",
  "America/Toronto", "UTC",
];

/** Every zone this browser knows; where it cannot say, the common ones. */
function allZones() {
  try {
    return Intl.supportedValuesOf("timeZone");
  } catch {
    return [];
  }
}

function zoneLabel(zone) {
  const key = `zone.${zone}`;
  return has(key) ? `${t(key)} ${zone}` : zone.replaceAll("_", " ");
}

/** Fills a select with zones in the page's language and keeps what was chosen. */
export function fillZones(select) {
  const chosen = select.value || defaultZone;
  const option = (zone) => el("option", { value: zone, text: zoneLabel(zone), lang: language() });
  const others = allZones().filter((zone) => !common.includes(zone));
  select.replaceChildren(...[
    el("optgroup", { label: t("zone.common") }, ...common.map(option)),
    others.length > 0 && el("optgroup", { label: t("zone.all") }, ...others.map(option)),
  ].filter(Boolean));
  chooseZone(select, chosen);
}

/** Chooses a zone, also one that is not on the list. */
export function chooseZone(select, zone) {
  select.value = zone;
  if (select.value !== zone) {
    select.append(el("option", { value: zone, text: zone }));
    select.value = zone;
  }
}
