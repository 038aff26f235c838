// Travelling through time: which of 大限, 流年, 流月, 流日 and 流時 are shown, and for
// which moment.

import { byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { hourName, hourRange } from "./calendar.js";

/** The spans of time, from the longest on. */
export const levels = ["decadal", "yearly", "monthly", "daily", "hourly"];

export class Travel {
  #level = ""; // the shortest span that is shown, "" for none
  #changed;

  /** @param {function(): void} changed is called when another moment or span is asked for */
  constructor(changed) {
    this.#changed = changed;
    byId("levels").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.#choose(button.dataset.level);
    });
    byId("travel-date").addEventListener("change", () => this.#moment && changed());
    byId("travel-hour").addEventListener("change", () => this.#moment && changed());
    byId("travel-back").addEventListener("click", () => this.#step(-1));
    byId("travel-next").addEventListener("click", () => this.#step(1));
  }

  /** The member of a request that asks for the moment, or null while the birth alone is shown. */
  get horoscope() {
    return this.#level && this.#moment;
  }

  /** The spans shown. */
  get shown() {
    return levels.slice(0, levels.indexOf(this.#level) + 1);
  }

  /** Goes back to the birth alone. */
  reset() {
    this.#level = "";
    this.render();
  }

  /** Fills the lists in the page's language. */
  render() {
    const button = (level) => el("button", { type: "button", "aria-pressed": String(level === this.#level), data: { level }, text: t(`travel.${level || "birth"}`) });
    byId("levels").replaceChildren(button(""), ...levels.map(button));
    const hour = byId("travel-hour");
    const chosen = hour.value || "6";
    hour.replaceChildren(...Array.from({ length: 13 }, (_, i) => el("option", { value: i, text: `${hourName(i)} ${hourRange(i)}` })));
    hour.value = chosen;
    if (!byId("travel-date").value) byId("travel-date").value = isoDate(new Date());
    byId("travel-when").hidden = this.#level === "";
    hour.hidden = this.#level !== "hourly";
  }

  /** Says what the moment is: 2026年 丙午, 虛歲 37. */
  say(text) {
    byId("travel-said").textContent = text;
  }

  get #moment() {
    const solarDate = byId("travel-date").value;
    return /^\d{4}-\d\d-\d\d$/.test(solarDate) ? { solarDate, timeIndex: Number(byId("travel-hour").value) } : null;
  }

  #choose(level) {
    this.#level = level;
    this.render();
    byId("levels").querySelector(`[data-level="${level}"]`).focus();
    this.#changed();
  }

  /** Goes on or back by the shortest span shown. */
  #step(by) {
    const input = byId("travel-date");
    const [year, month, day] = input.value.split("-").map(Number);
    if (!year) return;
    const date = new Date(Date.UTC(2000, month - 1, day, 12));
    date.setUTCFullYear(year);
    if (this.#level === "decadal") date.setUTCFullYear(year + 10 * by);
    if (this.#level === "yearly") date.setUTCFullYear(year + by);
    if (this.#level === "monthly") date.setTime(date.getTime() + by * 29.53 * 86_400_000);
    if (this.#level === "daily") date.setUTCDate(day + by);
    if (this.#level === "hourly") this.#stepHour(by, date);
    input.value = isoDate(date);
    this.#changed();
  }

  #stepHour(by, date) {
    const hour = byId("travel-hour");
    const next = Number(hour.value) + by;
    if (next < 0 || next > 12) date.setUTCDate(date.getUTCDate() + by);
    hour.value = String((next + 13) % 13);
  }
}

const isoDate = (date) => date.toISOString().slice(0, 10);
