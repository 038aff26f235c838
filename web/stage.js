// Where a chart is shown: its title, the board or the wheel, the moment travelled to,
// and what can be done with it.

import { byId } from "./dom.js";
import { language, t } from "./i18n.js";
import { hourName, lunarDate, solarDate, stemGlyph, branchGlyph } from "./calendar.js";
import { Board } from "./board.js";
import { Wheel, showWheel, wheelLine } from "./wheel.js";
import { Travel } from "./travel.js";
import { momentLine } from "./moment.js";
import { showPatterns } from "./patterns.js";
import { copyText, savePicture } from "./keepsake.js";
import { isDark } from "./settings.js";

/** A screen too small for a picture with everything in it. */
export const small = matchMedia("(max-width: 620px)");

export class Stage {
  #board = new Board(byId("board"), byId("detail"));
  #wheel = new Wheel(byId("wheel"), byId("detail"));
  #travel = new Travel(() => this.#showMoment());
  #chart = null;
  #looks = new WeakMap(); // of an answer: the look its picture has
  #does;

  /**
   * @param {Object} does
   * @param {function(Object, Object): Promise<Object>} does.ask asks for a chart
   * @param {function(Error): void} does.showProblem
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
    for (const kind of ["svg", "png"]) act(`save-${kind}`, () => this.#try(() => savePicture(kind, this.#asked(), this.look()), "board.saved"));
    act("zi-compare", () => does.compareZi());
    addEventListener("beforeprint", () => this.#datePrint());
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
    showWheel(false);
    this.#board.renderEmpty();
    this.#travel.reset();
    byId("board-title").textContent = t("board.title");
    byId("sheet-foot").textContent = "";
  }

  /** Shows a chart, or the same in another language. */
  open(chart) {
    const another = chart !== this.#chart;
    this.#chart = chart;
    const western = chart.request.chartType === "zodiac";
    const lang = this.#lang();
    const answer = chart.answers[lang];
    if (another) {
      this.#board.select(null);
      this.#travel.reset();
      this.#board.setMoment(null, []);
    }
    byId("actions").hidden = false;
    byId("flying").hidden = byId("travel").hidden = western;
    byId("board-hint").hidden = false;
    byId("board-hint").textContent = t(western ? "wheel.hint" : "board.hint");
    showWheel(western);
    if (western) this.#openWheel(answer);
    else this.#openBoard(answer.data, lang);
    this.#say(answer.data, western);
    showPatterns(byId("patterns"), answer.data);
    this.#datePrint();
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
    const { name } = this.#chart.form;
    const title = western ? "wheel.title" : "board.title";
    byId("board-title").textContent = name ? t(`${title}Of`, { name }) : t(title);
    const line = [momentLine(data.moment, western), western && wheelLine(data)].filter(Boolean).join(" ");
    byId("moment").textContent = line;
    byId("moment").hidden = line === "";
    byId("zi-note").hidden = western || (data.timeIndex !== 0 && data.timeIndex !== 12);
    byId("brief").textContent = brief(this.#chart.request);
  }

  /** Shows the moment that is travelled to. */
  async #showMoment() {
    const horoscope = this.#travel.horoscope;
    this.#travel.say("");
    if (!horoscope) return this.#board.setMoment(null, []);
    const chart = this.#chart;
    try {
      const { data } = await this.#does.ask(chart.request, { horoscope });
      if (chart !== this.#chart || JSON.stringify(this.#travel.horoscope) !== JSON.stringify(horoscope)) return;
      const h = data.horoscope;
      this.#board.setMoment(h, this.#travel.shown);
      const glyphs = (scope) => stemGlyph(scope.stem) + branchGlyph(scope.branch);
      this.#travel.say(t("travel.says", { age: h.nominalAge, year: glyphs(h.yearly), lunar: lunarDate(h.lunar) }));
    } catch (problem) {
      this.#does.showProblem(problem);
    }
  }

  /** The request for what is on screen. */
  #asked() {
    const horoscope = this.#travel.horoscope;
    const request = { ...this.#chart.request, language: language() };
    return horoscope ? { ...request, horoscope } : request;
  }

  async #try(f, done) {
    try {
      await f();
      this.#does.say(done);
    } catch (problem) {
      this.#does.showProblem(problem);
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
function brief(request) {
  const [year, month, day] = request.birthDate.split("-").map(Number);
  const date = request.calendar === "lunar" ? lunarDate({ year, month, day, isLeap: request.leapMonth }) : solarDate(request.birthDate);
  return `${date} · ${request.birthTime ?? hourName(request.timeIndex)}`;
}
