// The birth form: filling its lists, reading it, showing what is wrong.

import { byId, el } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { dayName, firstYear, hourName, hourRange, lastYear, monthName, rocOffset, rocYear, yearGlyphs } from "./calendar.js";
import { chooseZone, fillZones } from "./zone.js";
import { commonYear, faults } from "./birth.js";

/** @typedef {import("./birth.js").Entry} Entry */

const form = byId("form");
const control = (name) => form.elements.namedItem(name);

// Where a control's message stands.
const messageOf = {
  gender: "gender-error", calendar: "date-error", year: "date-error", month: "date-error", day: "date-error",
  leap: "date-error", clockTime: "time-error", hourIndex: "time-error", zone: "zone-error",
};

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
    noteYear();
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
    name: control("name").value.trim().normalize("NFC"),
    gender: control("gender").value,
    calendar: control("calendar").value,
    era: control("era").value,
    year: control("year").value,
    month: control("month").value,
    day: control("day").value,
    leap: control("leap").checked && control("calendar").value === "lunar",
    clock: control("clock").value,
    clockTime: control("clockTime").value,
    hourIndex: control("hourIndex").value,
    zone: control("zone").value,
  };
}

/** Puts an entry into the form. @param {Entry} entry */
export function fillForm(entry) {
  for (const name of ["name", "gender", "calendar", "era", "year", "clock", "clockTime", "hourIndex"]) {
    control(name).value = entry[name];
  }
  chooseZone(control("zone"), entry.zone);
  fillDates();
  control("month").value = entry.month;
  control("day").value = entry.day;
  control("leap").checked = entry.leap;
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
  const clock = control("clock").value === "clock";
  byId("leap-row").hidden = !lunar;
  byId("clock-row").hidden = !clock;
  byId("hour-row").hidden = clock;
  byId("zone-row").hidden = !clock;
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
  const year = commonYear(readForm());
  const known = year >= firstYear && year <= lastYear;
  byId("year-note").textContent = known ? t("form.yearIs", { year, roc: rocYear(year), glyphs: yearGlyphs(year) }) : "";
}

/** The element that takes the focus for a control, the first of a group of radio buttons. */
function focusable(name) {
  const c = control(name);
  return c instanceof RadioNodeList ? c[0] : c;
}

function focusControl(name) {
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
