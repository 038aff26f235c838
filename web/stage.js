// Where a chart is shown: its title, the board or the wheel, the moment travelled to,
// and what can be done with it.

import { byId } from "./dom.js";
import { language, t } from "./i18n.js";
import { hourName, lunarDate, rocYear, solarDate, stemGlyph, branchGlyph } from "./calendar.js";
import { Board } from "./board.js";
import { Wheel, showWheel, wheelLine } from "./wheel.js";
import { Travel } from "./travel.js";
import { momentLine } from "./moment.js";
import { showPatterns } from "./patterns.js";
import { copyText, savePicture } from "./keepsake.js";
import { isDark } from "./settings.js";
import { hideNotice, showNotice } from "./notice.js";

/** A screen too small for a picture with everything in it. */
export const small = matchMedia("(max-width: 620px)");

/** A screen that is touched, with what is said of a choice below the chart. */
const touched = matchMedia("(hover: none) and (max-width: 959px)");

export class Stage {
  #board = new Board(byId("board"), byId("detail"));
  #wheel = new Wheel(byId("wheel"), byId("detail"));
  #travel = new Travel(() => this.#showMoment());
  #chart = null;
  #moments = new Map(); // answers for the moments travelled to, by language and moment
  #looks = new WeakMap(); // of an answer: the look its picture has
  #does;

  /**
   * @param {Object} does
   * @param {function(Object, Object): Promise<Object>} does.ask asks for a chart
   * @param {function(string): void} does.say
   * @param {function(): void} does.compareZi
   */
  constructor(does) {
    this.#does = does;
    const act = (id, f) => byId(id).addEventListener("click", () => f(byId(id)));
    act("print", () => print());
    act("flying", (button) => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      this.#board.setFlying(on);
    });
    act("copy", () => this.#try(() => copyText(this.#asked()), "board.copied"));
    for (const kind of ["svg", "png"]) act(`save-${kind}`, () => this.#try(() => savePicture(kind, this.#asked(), this.look()), "board.saved", "problem.limitedSave"));
    act("zi-compare", () => does.compareZi());
    addEventListener("beforeprint", () => this.#datePrint());
    touched.addEventListener("change", () => this.#hint());
  }

  /** How a picture is to look now: on a phone with less in it, so that the rest can be read. */
  look() {
    return { theme: isDark() ? "dark" : "light", language: language(), width: small.matches ? 480 : 1080 };
  }

  /** Whether the picture of a chart has another look than the page. */
  outdated(chart) {
    const look = this.#looks.get(chart.answers[language()] ?? {});
    return chart.request.chartType === "zodiac" && look !== JSON.stringify(this.look());
  }

  /** Shows no chart. */
  clear() {
    this.#chart = null;
    for (const id of ["actions", "board-hint", "moment", "zi-note", "travel", "patterns"]) byId(id).hidden = true;
    hideNotice();
    showWheel(false);
    this.#board.renderEmpty();
    this.#travel.reset();
    byId("board-title").textContent = t("board.title");
    byId("sheet-foot").textContent = "";
  }

  /** Makes room for the boards of several hours of a birth. */
  stand(title, request) {
    this.clear();
    byId("board-frame").hidden = true;
    byId("board-title").textContent = title;
    byId("brief").textContent = dateWords(request);
  }

  /** Shows a chart, or the same in another language. */
  open(chart) {
    const another = chart !== this.#chart;
    this.#chart = chart;
    const western = chart.request.chartType === "zodiac";
    const lang = this.#lang();
    const answer = chart.answers[lang];
    hideNotice();
    if (another) {
      this.#moments.clear();
      this.#board.select(null);
      this.#travel.reset();
      this.#board.setMoment(null, []);
    }
    byId("actions").hidden = false;
    byId("flying").hidden = byId("travel").hidden = western;
    this.#hint();
    showWheel(western);
    if (western) this.#openWheel(answer);
    else this.#openBoard(answer.data, lang);
    this.#say(answer.data, western);
    showPatterns(byId("patterns"), answer.data);
    this.#datePrint();
  }

  /** Says how the chart is looked around in. */
  #hint() {
    const hint = byId("board-hint");
    hint.hidden = this.#chart === null;
    if (!hint.hidden) hint.textContent = t(`${this.#chart.request.chartType === "zodiac" ? "wheel" : "board"}.hint${touched.matches ? "Touch" : ""}`);
  }

  #openBoard(data, lang) {
    this.#board.render(data, { ...this.#chart.request, name: this.#chart.form.name, lang });
    this.#travel.render();
    if (this.#travel.horoscope) this.#showMoment();
  }

  #openWheel(answer) {
    if (!this.#looks.has(answer)) this.#looks.set(answer, JSON.stringify(this.look()));
    this.#wheel.render(answer.data, answer.drawing, this.#looks.get(answer).includes("dark"));
  }

  /** Writes the lines above the chart. */
  #say(data, western) {
    const { name, place } = this.#chart.form;
    const title = western ? "wheel.title" : "board.title";
    byId("board-title").textContent = name ? t(`${title}Of`, { name }) : t(title);
    const line = [momentLine(data.moment, western), western && wheelLine(data, place?.name)].filter(Boolean).join(language() === "en" ? " " : "");
    byId("moment").textContent = line;
    byId("moment").hidden = line === "";
    byId("zi-note").hidden = western || (data.timeIndex !== 0 && data.timeIndex !== 12);
    byId("brief").textContent = brief(this.#chart.request);
  }

  /** Shows the moment that is travelled to. */
  async #showMoment() {
    const horoscope = this.#travel.horoscope;
    const chart = this.#chart;
    const key = `${language()} ${JSON.stringify(horoscope)}`;
    const current = () => chart === this.#chart && key === `${language()} ${JSON.stringify(this.#travel.horoscope)}`;
    hideNotice();
    this.#travel.say("");
    if (!horoscope) return this.#board.setMoment(null, []);
    try {
      if (!this.#moments.has(key)) this.#moments.set(key, (await this.#does.ask(chart.request, { horoscope })).data);
      if (!current()) return;
      const data = this.#moments.get(key);
      this.#board.setMoment(data.horoscope, this.#travel.shown);
      this.#travel.say(momentWords(data, this.#travel.shown.at(-1)));
    } catch (problem) {
      if (!current()) return;
      this.#board.setMoment(null, []);
      showNotice(problem, () => this.#showMoment());
    }
  }

  /** The request for what is on screen. */
  #asked() {
    const horoscope = this.#travel.horoscope;
    const request = { ...this.#chart.request, language: language() };
    return horoscope ? { ...request, horoscope } : request;
  }

  async #try(f, done, limited) {
    hideNotice();
    try {
      await f();
      this.#does.say(done, true);
    } catch (problem) {
      showNotice(problem, () => this.#try(f, done, limited), { auto: false, limited });
    }
  }

  /** The language of the answer that is shown. */
  #lang() {
    return this.#chart.answers[language()] ? language() : Object.keys(this.#chart.answers)[0];
  }

  /** The line at the foot of a printed sheet. */
  #datePrint() {
    const date = new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "zh-TW", { dateStyle: "long" }).format(new Date());
    byId("sheet-foot").textContent = this.#chart === null ? "" : t("board.printed", { date });
  }
}

/** The birth in a line, for the form when it is folded away. */
const brief = (request) => `${dateWords(request)} · ${request.birthTime ?? hourName(request.timeIndex)}`;

function dateWords(request) {
  const [year, month, day] = request.birthDate.split("-").map(Number);
  return request.calendar === "lunar" ? lunarDate({ year, month, day, isLeap: request.leapMonth }) : solarDate(request.birthDate);
}

/** Says what the moment is, to the span of time asked for: 虛歲 37，丙午年（民國115年）. */
function momentWords({ horoscope: h, palaces }, level) {
  const age = h.nominalAge;
  const glyphs = (scope) => stemGlyph(scope.stem) + branchGlyph(scope.branch);
  if (level === "decadal" && h.decadal.childhood) return t("travel.says.childhood", { age, name: h.decadal.name });
  if (level === "decadal") return t("travel.says.decadal", { age, name: h.decadal.name, glyphs: glyphs(h.decadal), ...palaces[h.decadal.index].decadal });
  if (level === "yearly") return t("travel.says.yearly", { age, year: glyphs(h.yearly), roc: rocYear(h.lunar.year) });
  return t("travel.says.shorter", { age, lunar: lunarDate(h.lunar) });
}
