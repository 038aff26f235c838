// The first page: a birth goes in, a chart comes out.

import { byId, el } from "./dom.js";
import { language, onLanguage, t, translate } from "./i18n.js";
import { onTheme, startSettings } from "./settings.js";
import { forgetChart, keepChart, keptChart } from "./store.js";
import { fillForm, keepWanted, onKeep, pointAt, setBusy, setKeep, startForm } from "./form.js";
import { controlOf, requestOf } from "./birth.js";
import { batch, calculate, Problem } from "./api.js";
import { explain } from "./problem.js";
import { everyHour, showHours } from "./hours.js";
import { small, Stage } from "./stage.js";

/**
 * The chart on screen: what was entered, the request it became, and the server's
 * answers by language; null before the first.
 * @type {{form: Object, request: Object, answers: Object<string, Object>} | null}
 */
let chart = null;

const stage = new Stage({ ask, showProblem, say, compareZi: () => compare([12, 0]) });

start();

function start() {
  translate(document);
  startSettings();
  startForm(draw);
  onKeep(remember);
  const kept = keptChart();
  if (kept) {
    chart = kept;
    setKeep(true);
    fillForm(kept.form);
    fold();
  }
  onLanguage(show);
  onTheme(show);
  small.addEventListener("change", show);
  if (kept) say("board.keptShown");
  registerWorker();
}

/** Asks the server for the chart of an entry and shows it, or the charts it may be. */
async function draw(entry) {
  hideProblem();
  setBusy(true);
  try {
    const request = requestOf(entry);
    if (entry.clock === "unknown") {
      await offer(entry, request, everyHour);
      return;
    }
    await open({ form: entry, request });
  } catch (problem) {
    showProblem(problem);
  } finally {
    setBusy(false);
  }
}

/** Asks for a chart and shows it. */
async function open({ form, request }) {
  const answer = await ask(request);
  chart = { form, request, answers: { [language()]: answer } };
  remember(keepWanted());
  fold();
  showHours(byId("hours"), [], "", () => {});
  stage.open(chart);
  say("board.ready");
  goTo(byId("board-title"));
}

/** Shows the charts of several hours to choose from. */
async function offer(form, request, hours) {
  const lang = language();
  const requests = hours.map((hour) => atHour(request, hour, lang));
  const results = await batch(requests);
  const wrong = results.find((r) => !r.data);
  if (wrong) throw new Problem({ kind: "refused", ...wrong.error });
  const charts = hours.map((hour, i) => ({ hour, data: results[i].data }));
  fold();
  stage.clear();
  byId("board-frame").hidden = true;
  showHours(byId("hours"), charts, lang, async (i) => {
    const { language: _, ...chosen } = requests[i];
    try {
      await open({ form: { ...form, clock: "hour", hourIndex: String(hours[i]) }, request: chosen });
    } catch (problem) {
      showProblem(problem);
    }
  });
  say("hours.ready");
  goTo(byId("hours"));
}

/** Sets the charts of other hours beside the one on screen. */
async function compare(hours) {
  try {
    await offer(chart.form, chart.request, hours);
  } catch (problem) {
    showProblem(problem);
  }
}

/** A request with an hour as such in place of a clock. */
function atHour({ birthTime, location, options, ...rest }, timeIndex, lang) {
  return { ...rest, timeIndex, language: lang };
}

/** Asks for a chart in the page's language, a western one with its picture. */
function ask(request, more = {}) {
  const asked = { ...request, ...more, language: language() };
  if (request.chartType === "zodiac") asked.drawing = stage.look();
  return calculate(asked);
}

/** Draws what there is; asks again where the names or the picture must be others. */
async function show() {
  byId("status").textContent = "";
  if (chart === null) return stage.clear();
  const lang = language();
  stage.open(chart);
  if (chart.answers[lang] && !stage.outdated(chart)) return;
  const asked = chart;
  try {
    asked.answers[lang] = await ask(asked.request);
    if (chart !== asked) return;
    remember(keepWanted());
    stage.open(chart);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say("board.otherLanguage");
  }
}

/** Folds the form away, now that the board is what matters. */
function fold() {
  byId("birth").open = false;
}

function goTo(node) {
  node.focus({ preventScroll: true });
  document.querySelector(".stage").scrollIntoView({ block: "start", behavior: "instant" });
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

/** The worker keeps the page itself for when there is no network. */
function registerWorker() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const address = "/sw.js";
  const policy = globalThis.trustedTypes?.createPolicy("fortunet-worker", { createScriptURL: () => address });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("") : address).catch(() => {
    // The page works without: private windows and strict settings forbid workers.
  });
}
