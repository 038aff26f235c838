// What is said above a chart when something asked of it did not come, and how it is
// asked for again.

import { byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { Problem } from "./api.js";
import { explain } from "./problem.js";
import { whenBack } from "./reach.js";

let stopWaiting = () => {};

/**
 * Says what went wrong. Where the server could not be reached, what failed is done
 * again as soon as it answers.
 * @param {Error} problem
 * @param {function(): void} again does once more what failed
 * @param {{auto: boolean, limited: string}} how whether again may be called without
 *   the person asking, and the words for a limit that is reached
 */
export function showNotice(problem, again, { auto = true, limited = "problem.limited" } = {}) {
  hideNotice();
  // A browser that forbids the clipboard says so by a DOMException; all else is a mistake of ours.
  if (!(problem instanceof Problem || problem instanceof DOMException)) console.error(problem);
  const retry = () => {
    hideNotice();
    again();
  };
  byId("notice").replaceChildren(
    el("p", { text: words(problem, auto, limited) }),
    el("button", { type: "button", class: "quiet", text: t("notice.again"), on: { click: retry } }));
  byId("notice").hidden = false;
  byId("notice").scrollIntoView({ block: "nearest" });
  if (isAway(problem)) stopWaiting = whenBack(auto ? retry : hideNotice);
}

export function hideNotice() {
  stopWaiting();
  stopWaiting = () => {};
  byId("notice").hidden = true;
}

/** Whether a problem is that the server was not there. */
export const isAway = (problem) => problem.kind === "network" || problem.kind === "timeout";

function words(problem, auto, limited) {
  if (isAway(problem)) return t(auto ? "notice.away" : "notice.awayNow");
  if (problem instanceof Problem) return explain(problem, limited).text;
  return t("notice.failed");
}
