// Whether the server can be reached again, once it could not be.

const firstWait = 2_000; // milliseconds until it is asked
const longestWait = 30_000;

const waiting = new Set();
let timer = 0;
let wait = firstWait;

/**
 * Calls f once, when the server answers again.
 * @param {function(): void} f
 * @returns {function(): void} no longer to wait
 */
export function whenBack(f) {
  waiting.add(f);
  if (waiting.size === 1) {
    wait = firstWait;
    addEventListener("online", ask);
    document.addEventListener("visibilitychange", ask);
    timer = setTimeout(ask, wait);
  }
  return () => {
    waiting.delete(f);
    if (waiting.size === 0) rest();
  };
}

function rest() {
  clearTimeout(timer);
  removeEventListener("online", ask);
  document.removeEventListener("visibilitychange", ask);
}

/** Asks whether the server lives; a page that nobody looks at does not. */
async function ask() {
  clearTimeout(timer);
  if (document.hidden) return;
  if (await answers()) {
    const all = [...waiting];
    waiting.clear();
    rest();
    for (const f of all) f();
  } else if (waiting.size > 0) {
    wait = Math.min(wait * 2, longestWait);
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }
}

async function answers() {
  if (navigator.onLine === false) return false;
  try {
    return (await fetch("/healthz", { method: "HEAD", cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}
