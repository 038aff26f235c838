// The birth form: filling its lists, reading it, showing what is wrong.

import { byId, el } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { dayName, firstYear, hourName, hourRange, lastYear, leapMonth, monthName, rocOffset, rocYear, yearGlyphs } from "./calendar.js";
import { chooseZone, defaultZone, fillZones } from "./zone.js";
import { commonYear, faults } from "./birth.js";
import { PlaceField } from "./place.js";

/** @typedef {import("./birth.js").Entry} Entry */

const form = byId("form");
const control = (name) => form.elements.namedItem(name);

// Where a control's message stands.
const messageOf = {
  gender: "gender-error", calendar: "date-error", year: "date-error", month: "date-error", day: "date-error",
  leap: "date-error", clockTime: "time-error", hourIndex: "time-error", zone: "zone-error", place: "place-error",
};

const place = new PlaceField(byId("place"), byId("place-list"), byId("place-found"), (chosen) => {
  clearMessage("place");
  if (chosen) chooseZone(control("zone"), chosen.timezone);
});

/** Makes the form work. Submit is called with an entry that has no faults. */
export function startForm(submit) {
  onLanguage(() => {
    fillLists();
    react();
    clearMessages();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "era") keepYear();
    if (event.target.name === "calendar") fillDates();
    react();
  });
  form.addEventListener("input", (event) => {
    clearMessage(event.target.name);
    if (event.target.name === "year") react();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearMessages();
    const entry = readForm();
    const wrong = faults(entry);
    if (wrong.length === 0) return submit(entry);
    for (const f of wrong) showMessage(f.field, t(f.key, f.vars));
    focusControl(wrong[0].field);
    announceFaults(wrong.length);
  });
}

/** @returns {Entry} */
export function readForm() {
  return {
    system: control("system").value,
    name: control("name").value.trim().normalize("NFC"),
    gender: control("gender").value,
    calendar: control("calendar").value,
    era: control("era").value,
    year: control("year").value,
    month: control("month").value,
    day: control("day").value,
    leap: control("leap").checked && !byId("leap-row").hidden,
    clock: control("clock").value,
    clockTime: control("clockTime").value,
    hourIndex: control("hourIndex").value,
    zone: control("zone").value,
    place: place.value,
    basis: control("basis").value,
    pass: control("pass").value,
  };
}

/** Puts an entry into the form. @param {Entry} entry */
export function fillForm(entry) {
  const whole = { system: "ziwei", basis: "standard", pass: "first", ...entry }; // an older version kept fewer
  for (const name of ["system", "name", "gender", "calendar", "era", "year", "clock", "clockTime", "hourIndex", "basis", "pass"]) {
    control(name).value = whole[name];
  }
  place.value = whole.place ?? null;
  chooseZone(control("zone"), entry.zone);
  fillDates();
  control("month").value = entry.month;
  control("day").value = entry.day;
  control("leap").checked = entry.leap;
  byId("more-row").open = entry.zone !== defaultZone || whole.basis !== "standard" || whole.pass !== "first";
  react();
}

/** Whether the person wants the chart remembered. */
export const keepWanted = () => control("keep").checked;

/** Ticks or unticks the wish. */
export function setKeep(wanted) {
  control("keep").checked = wanted;
}

/** Calls f whenever the wish changes. */
export function onKeep(f) {
  control("keep").addEventListener("change", () => f(keepWanted()));
}

/** Shows that a chart is being made, or no longer is. */
export function setBusy(busy) {
  const button = byId("submit");
  button.disabled = busy;
  button.textContent = t(busy ? "form.busy" : "form.submit");
  form.setAttribute("aria-busy", String(busy));
}

/** Says beside a control what is wrong with it, and goes there. Reports whether there is such a control. */
export function pointAt(name, message) {
  if (!messageOf[name]) return false;
  showMessage(name, message);
  focusControl(name);
  return true;
}

function fillLists() {
  fillDates();
  fillList(control("hourIndex"), [
    ["", t("form.pickHour")],
    ...Array.from({ length: 13 }, (_, i) => [String(i), `${hourName(i)} ${hourRange(i)}`]),
  ]);
  fillZones(control("zone"));
}

/** Fills the lists of months and days with the names of the chosen calendar. */
function fillDates() {
  const lunar = control("calendar").value === "lunar";
  const months = Array.from({ length: 12 }, (_, i) => [String(i + 1), monthName(i + 1, lunar)]);
  const days = Array.from({ length: lunar ? 30 : 31 }, (_, i) => [String(i + 1), dayName(i + 1, lunar)]);
  fillList(control("month"), [["", t("form.month")], ...months]);
  fillList(control("day"), [["", t("form.day")], ...days]);
}

/** Fills a select with [value, text] pairs and keeps what was chosen if it is still there. */
function fillList(select, pairs) {
  const chosen = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => el("option", { value, text })));
  select.value = pairs.some(([value]) => value === chosen) ? chosen : "";
}

/** Shows the parts of the form that belong to the choices made. */
function react() {
  const lunar = control("calendar").value === "lunar";
  const western = control("system").value === "zodiac";
  if (western) control("clock").value = "clock"; // its angles hang on the minute
  const how = control("clock").value;
  const clock = how === "clock";
  byId("gender-row").hidden = western;
  byId("clock-choice").hidden = western;
  byId("unknown-note").hidden = how !== "unknown";
  byId("clock-row").hidden = !clock;
  byId("hour-row").hidden = how !== "hour";
  byId("place-row").hidden = byId("more-row").hidden = !clock;
  byId("basis-row").hidden = byId("place-optional").hidden = western;
  const month = Number(control("month").value);
  byId("leap-row").hidden = !lunar || month === 0 || leapMonth(commonYear({ era: control("era").value, year: control("year").value })) !== month;
  noteYear();
}

/** When the era changes, the year typed is turned into the other count. */
function keepYear() {
  const era = control("era").value;
  const before = commonYear({ era: era === "roc" ? "ce" : "roc", year: control("year").value });
  if (before >= firstYear && before <= lastYear) control("year").value = String(era === "roc" ? before - rocOffset : before);
}

/** Below the year stands what it is in the other count. */
function noteYear() {
  const year = commonYear({ era: control("era").value, year: control("year").value });
  const known = year >= firstYear && year <= lastYear;
  byId("year-note").textContent = known ? t("form.yearIs", { year, roc: rocYear(year), glyphs: yearGlyphs(year) }) : "";
}

/** The element that takes the focus for a control, the first of a group of radio buttons. */
function focusable(name) {
  const c = control(name);
  return c instanceof RadioNodeList ? c[0] : c;
}

function focusControl(name) {
  const fold = focusable(name).closest(".more");
  if (fold) fold.open = true;
  focusable(name).focus();
}

function showMessage(name, text) {
  const message = byId(messageOf[name]);
  message.textContent = text;
  message.hidden = false;
  const target = focusable(name);
  target.setAttribute("aria-invalid", "true");
  if (target.type === "radio") target.setAttribute("aria-describedby", message.id);
}

function clearMessage(name) {
  if (!messageOf[name]) return;
  byId(messageOf[name]).hidden = true;
  for (const [other, id] of Object.entries(messageOf)) {
    if (id === messageOf[name]) focusable(other).removeAttribute("aria-invalid");
  }
}

function clearMessages() {
  for (const name of Object.keys(messageOf)) clearMessage(name);
}

function announceFaults(n) {
  byId("status").textContent = t("error.check", { n });
}
