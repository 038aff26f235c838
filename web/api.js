// Talking to the server: a guest's session where there is none, and problem
// documents turned into an error that knows what it is about.

import { store } from "./store.js";

const patience = 20_000; // milliseconds a request may take

/** What went wrong with a request. */
export class Problem extends Error {
  /**
   * @param {Object} p
   * @param {"network"|"timeout"|"answer"|"refused"} p.kind no connection, no answer
   *   in time, an answer that is not one, or a refusal by the server
   * @param {number} [p.status] of a refusal
   * @param {string} [p.code] the fault's name for programs
   * @param {string} [p.field] the member of the request at fault
   * @param {string} [p.detail] the server's own words
   * @param {number} [p.retryAfter] seconds to wait
   */
  constructor({ kind, status = 0, code = "", field = "", detail = "", retryAfter = 0 }) {
    super(detail || code || kind);
    Object.assign(this, { kind, status, code, field, detail, retryAfter });
  }
}

/**
 * Computes a chart. Birth data travel in the body alone.
 * @returns {Promise<Object>} the server's answer; `data` holds the chart, `drawing` a
 *   picture of it where the request asks for one
 */
export async function calculate(request) {
  const answer = await asSomeone(() => post("/api/v2/charts/calculate", request));
  if (!answer?.data || typeof answer.data !== "object") throw new Problem({ kind: "answer" });
  return answer;
}

/**
 * Computes several charts at once.
 * @returns {Promise<Object[]>} for each request {data} or {error}
 */
export async function batch(requests) {
  const answer = await asSomeone(() => post("/api/v2/charts/batch", { requests }));
  if (!Array.isArray(answer?.results)) throw new Problem({ kind: "answer" });
  return answer.results;
}

/** The chart as Markdown. */
export const chartText = (request) => asSomeone(() => post("/api/v2/charts/calculate?format=markdown", request, (r) => r.text()));

/** A picture of a chart, as a blob. @param {"svg"|"png"} kind */
export const picture = (kind, request) => asSomeone(() => post(`/api/v2/charts/image.${kind}`, request, (r) => r.blob()));

/** Places by name: [{name, region, country, latitude, longitude, timezone}]. */
export async function findPlaces(query, language, signal) {
  const response = await fetch(`/api/v2/places?${new URLSearchParams({ q: query, language, limit: "8" })}`, { signal, credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Problem({ kind: "refused", status: response.status });
  return (await response.json()).places;
}

// Whether the browser is believed to hold a session's cookie, which no script
// can read; kept so that a reload does not make another guest.
let signedIn = store.get("session") !== null;

/** Sends a request with a session, made anew where there is none or it has ended. */
async function asSomeone(send) {
  if (!signedIn) await becomeGuest();
  try {
    return await send();
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    await becomeGuest();
    return send();
  }
}

// One guest at a time, however many ask.
let becoming = null;

function becomeGuest() {
  becoming ??= post("/api/v2/auth/guest", { cookie: true })
    .then(() => {
      signedIn = true;
      store.set("session", "guest");
    })
    .finally(() => (becoming = null));
  return becoming;
}

async function post(path, body, read = readJSON) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(patience),
    });
    if (!response.ok) throw refusal(response, await readJSON(response));
    const answer = await read(response);
    if (answer === null) throw new Problem({ kind: "answer", status: response.status });
    return answer;
  } catch (err) {
    if (err instanceof Problem) throw err;
    throw new Problem({ kind: err.name === "TimeoutError" ? "timeout" : "network" });
  }
}

/** The body as JSON, null where it is none. */
async function readJSON(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The problem a refusing answer describes (RFC 9457, with members of our own). */
function refusal(response, answer) {
  const p = answer ?? {};
  return new Problem({
    kind: "refused",
    status: response.status,
    code: p.code ?? "",
    field: p.field || p.errors?.[0]?.location || "",
    detail: p.detail || p.title || "",
    retryAfter: Number(p.retryAfter ?? response.headers.get("Retry-After")) || 0,
  });
}
