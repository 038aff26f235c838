// The first page: a birth goes in, a board comes out.

import { byId, el } from "./dom.js";
import { language, onLanguage, t, translate } from "./i18n.js";
import { startSettings } from "./settings.js";
import { forgetChart, keepChart, keptChart } from "./store.js";
import { fillForm, keepWanted, onKeep, pointAt, setBusy, setKeep, startForm } from "./form.js";
import { controlOf, requestOf } from "./birth.js";
import { hourName, lunarDate, solarDate } from "./calendar.js";
import { calculate, Problem } from "./api.js";
import { explain } from "./problem.js";
import { Board } from "./board.js";
import { momentLine } from "./moment.js";

/**
 * The chart on screen: what was entered, the request it became, and the server's
 * answers by language; null before the first.
 * @type {{form: Object, request: Object, answers: Object<string, Object>} | null}
 */
let chart = null;

const board = new Board(byId("board"), byId("detail"));

start();

function start() {
  translate(document);
  startSettings();
  startForm(draw);
  onKeep(remember);
  byId("print").addEventListener("click", () => print());
  addEventListener("beforeprint", datePrint);
  const kept = keptChart();
  if (kept) {
    chart = kept;
    setKeep(true);
    fillForm(kept.form);
    fold();
  }
  onLanguage(show);
  if (kept) say("board.keptShown");
  registerWorker();
}

/** Asks the server for the chart of an entry and shows it. */
async function draw(entry) {
  hideProblem();
  setBusy(true);
  try {
    const request = requestOf(entry);
    chart = { form: entry, request, answers: { [language()]: await ask(request) } };
    remember(keepWanted());
    fold();
    board.select(null);
    render();
    say("board.ready");
    byId("board-title").focus({ preventScroll: true });
    document.querySelector(".stage").scrollIntoView({ block: "start", behavior: "instant" });
  } catch (problem) {
    showProblem(problem);
  } finally {
    setBusy(false);
  }
}

const ask = (request) => calculate({ ...request, language: language() });

/** Draws what there is; asks for the names in the page's language if the chart has them in another. */
async function show() {
  const lang = language();
  render();
  byId("status").textContent = "";
  if (chart === null || chart.answers[lang]) return;
  const asked = chart;
  try {
    asked.answers[lang] = await ask(asked.request);
    if (chart !== asked) return;
    remember(keepWanted());
    render();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say("board.otherLanguage");
  }
}

function render() {
  const title = byId("board-title");
  byId("print").hidden = byId("board-hint").hidden = chart === null;
  if (chart === null) {
    board.renderEmpty();
    title.textContent = t("board.title");
    return;
  }
  const lang = chart.answers[language()] ? language() : Object.keys(chart.answers)[0];
  const { data } = chart.answers[lang];
  const { name } = chart.form;
  title.textContent = name ? t("board.titleOf", { name }) : t("board.title");
  board.render(data, { ...chart.request, name, lang });
  const line = momentLine(data.moment);
  byId("moment").textContent = line;
  byId("moment").hidden = line === "";
  byId("brief").textContent = brief(chart.request);
  datePrint();
}

/** The birth in a line, for the form when it is folded away. */
function brief(request) {
  const [year, month, day] = request.birthDate.split("-").map(Number);
  const date = request.calendar === "lunar" ? lunarDate({ year, month, day, isLeap: request.leapMonth }) : solarDate(request.birthDate);
  return `${date} · ${request.birthTime ?? hourName(request.timeIndex)}`;
}

/** Folds the form away, now that the board is what matters. */
function fold() {
  byId("birth").open = false;
}

function remember(wanted) {
  if (wanted && chart) keepChart(chart);
  if (!wanted) forgetChart();
}

/** Puts a sentence where a screen reader reads it out. */
function say(key) {
  byId("status").textContent = t(key);
}

function hideProblem() {
  byId("problem").hidden = true;
}

function showProblem(problem) {
  if (!(problem instanceof Problem)) {
    console.error(problem);
    problem = new Problem({ kind: "answer" });
  }
  const { text, detail, code, exact } = explain(problem);
  const box = byId("problem");
  box.replaceChildren(
    el("strong", { text: t("problem.title") }),
    el("p", { text }),
    ...(detail ? [el("p", { class: "problem-said", text: t("problem.said", { detail }) })] : []),
    ...(code ? [el("p", { class: "problem-code", text: t("problem.code", { code }) })] : []),
  );
  box.hidden = false;
  byId("birth").open = true;
  const beside = exact || !detail ? text : t("error.field", { detail });
  const pointed = problem.field && pointAt(controlOf(problem.field), beside);
  if (!pointed) box.focus();
}

/** The line at the foot of a printed sheet. */
function datePrint() {
  const date = new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "zh-TW", { dateStyle: "long" }).format(new Date());
  byId("sheet-foot").textContent = chart === null ? "" : t("board.printed", { date });
}

/** The worker keeps the page itself for when there is no network. */
function registerWorker() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const address = "/sw.js";
  const policy = globalThis.trustedTypes?.createPolicy("fortunet-worker", { createScriptURL: () => address });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("") : address).catch(() => {
    // The page works without: private windows and strict settings forbid workers.
  });
}
