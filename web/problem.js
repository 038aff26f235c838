// A problem in words a person can use.

import { has, t } from "./i18n.js";

/** @typedef {import("./api.js").Problem} Problem */

// The words for a refusal whose code has none of its own, by status.
const byStatus = {
  400: "problem.invalid", 401: "problem.unauthorized", 403: "problem.forbidden", 413: "problem.invalid",
  422: "problem.invalid", 429: "problem.limitedSoon", 502: "problem.overloaded", 503: "problem.overloaded",
  504: "problem.timeout",
};

/**
 * What to tell the person.
 * @param {Problem} problem
 * @param {string} [limitWords] the key of the words for a limit that is reached
 * @returns {{text: string, detail: string, code: string, exact: boolean}} detail is
 *   the server's own sentence where ours says less, code its name for whoever
 *   helps, exact whether text is about that very code
 */
export function explain(problem, limitWords = "problem.limited") {
  if (problem.kind !== "refused") return { text: t(`problem.${problem.kind}`), detail: "", code: "", exact: false };
  const ours = `problem.${problem.code}`;
  if (problem.status === 429) return { text: limited(problem.retryAfter, limitWords), detail: "", code: problem.code, exact: true };
  const generic = has(ours) ? ours : (byStatus[problem.status] ?? "problem.internal");
  const speaks = !has(ours) && problem.status < 500 && problem.status !== 401;
  return { text: t(generic), detail: speaks ? problem.detail : "", code: problem.code, exact: has(ours) };
}

/** The words for a wait, in the largest unit that says it well. */
function limited(seconds, key) {
  if (seconds <= 0) return t(`${key}Soon`);
  let wait = t("wait.seconds", { n: Math.ceil(seconds) });
  if (seconds > 90) wait = t("wait.minutes", { n: Math.ceil(seconds / 60) });
  if (seconds > 90 * 60) wait = t("wait.hours", { n: Math.ceil(seconds / 3600) });
  return t(key, { wait });
}
