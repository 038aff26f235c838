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
import { isAway, showNotice } from "./notice.js";
import { whenBack } from "./reach.js";

/**
 * The chart on screen: what was entered, the request it became, and the server's
 * answers by language; null before the first.
 * @type {{form: Object, request: Object, answers: Object<string, Object>} | null}
 */
let chart = null;

/**
 * The boards of several hours that were set side by side, and the charts in them by
 * language; null where the chart on screen is not one of them.
 * @type {{form: Object, request: Object, hours: number[], answers: Object<string, Object[]>} | null}
 */
let offered = null;
let choosing = false; // whether those boards are on screen

const stage = new Stage({ ask, say, compareZi: () => compare([12, 0]) });

// No longer to wait for the server, after which a problem would be taken back.
let stopWaiting = () => {};
let fading = 0; // the timer of a sentence that is seen

start();

function start() {
  translate(document);
  startSettings();
  startForm(draw);
  onKeep((wanted) => {
    remember(wanted);
    if (wanted && chart) say("form.kept", true);
  });
  byId("hours-back").addEventListener("click", () => {
    showOffered();
    goTo(byId("hours"));
  });
  const kept = keptChart();
  if (kept) {
    chart = kept;
    setKeep(true);
    fillForm(kept.form);
    fold();
  }
  onLanguage(show);
  onTheme(redraw);
  small.addEventListener("change", redraw);
  if (kept) say("board.keptShown", true);
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

/** Asks for a chart and shows it; from are the boards it was chosen among, if any. */
async function open({ form, request }, from = null) {
  const answer = await ask(request);
  chart = { form, request, answers: { [language()]: answer } };
  offered = from;
  choosing = false;
  remember(keepWanted());
  fold();
  showHours(byId("hours"), [], "", () => {});
  byId("hours-back-row").hidden = offered === null;
  stage.open(chart);
  say("board.ready");
  goTo(byId("board-title"));
}

/** Shows the charts of several hours to choose from. */
async function offer(form, request, hours) {
  const asked = { form, request, hours, answers: {} };
  await nameHours(asked);
  offered = asked;
  fold();
  showOffered();
  say("hours.ready");
  goTo(byId("hours"));
}

/** Asks for the charts of several hours in the page's language, where they are not there yet. */
async function nameHours({ request, hours, answers }) {
  const lang = language();
  if (answers[lang]) return;
  const results = await batch(hours.map((hour) => ({ ...atHour(request, hour), language: lang })));
  const wrong = results.find((r) => !r.data);
  if (wrong) throw new Problem({ kind: "refused", ...wrong.error });
  answers[lang] = results.map((r) => r.data);
}

function showOffered() {
  const from = offered;
  const { form, request, hours, answers } = from;
  const lang = answers[language()] ? language() : Object.keys(answers)[0];
  choosing = true;
  stage.stand(t(hours.length > 2 ? "hours.title" : "hours.titleZi"), request);
  byId("hours-back-row").hidden = true;
  const choose = async (i) => {
    try {
      await open({ form: { ...form, clock: "hour", hourIndex: String(hours[i]) }, request: atHour(request, hours[i]) }, from);
    } catch (problem) {
      showNotice(problem, () => choose(i), { auto: false });
    }
  };
  showHours(byId("hours"), hours.map((hour, i) => ({ hour, data: answers[lang][i] })), lang, choose);
}

/** Sets the charts of other hours beside the one on screen. */
async function compare(hours) {
  try {
    await offer(chart.form, chart.request, hours);
  } catch (problem) {
    showNotice(problem, () => compare(hours), { auto: false });
  }
}

/** A request with an hour as such in place of a clock. */
function atHour({ birthTime, location, options, ...rest }, timeIndex) {
  return { ...rest, timeIndex };
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
  if (choosing) return renameHours();
  if (chart === null) return stage.clear();
  const lang = language();
  stage.open(chart);
  if (chart.answers[lang] && !stage.outdated(chart)) return;
  const asked = chart;
  try {
    asked.answers[lang] = await ask(asked.request);
    if (chart !== asked || choosing) return;
    remember(keepWanted());
    stage.open(chart);
  } catch (problem) {
    missed(problem, asked.answers[lang] ? "board.otherLook" : "board.otherLanguage");
  }
}

/** Puts the page's language on the boards of several hours. */
async function renameHours() {
  showOffered();
  const asked = offered;
  try {
    await nameHours(asked);
    if (choosing && offered === asked) showOffered();
  } catch (problem) {
    missed(problem, "board.otherLanguage");
  }
}

/** Says that what is on screen stays as it was, until the server answers again. */
function missed(problem, key) {
  if (!(problem instanceof Problem)) throw problem;
  say(key, true);
  stopWaiting();
  if (isAway(problem)) stopWaiting = whenBack(show);
}

/** Shows the chart again where its picture must be another: a board takes its colours from the page. */
function redraw() {
  if (chart && !choosing && stage.outdated(chart)) show();
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

/** Puts a sentence where a screen reader reads it out, and for a while where everybody sees it. */
function say(key, seen = false) {
  const status = byId("status");
  const look = (shown) => (status.className = shown ? "said" : "visually-hidden");
  status.textContent = t(key);
  look(seen);
  clearTimeout(fading);
  if (seen) fading = setTimeout(look, 5_000, false);
}

function hideProblem() {
  stopWaiting();
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
  if (isAway(problem)) stopWaiting = whenBack(() => box.replaceChildren(el("p", { text: t("problem.back") })));
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
