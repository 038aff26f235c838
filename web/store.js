// What the page keeps in this browser. Storage may be full or forbidden; the
// page then works without remembering.

const prefix = "fortunet.";

export const store = {
  /** The string kept under key, or null. */
  get(key) {
    try {
      return localStorage.getItem(prefix + key);
    } catch {
      return null;
    }
  },

  /** Keeps a string, and reports whether that worked. */
  set(key, value) {
    try {
      localStorage.setItem(prefix + key, value);
      return true;
    } catch {
      return false;
    }
  },

  remove(key) {
    try {
      localStorage.removeItem(prefix + key);
    } catch {
      // nothing was kept
    }
  },
};

// The shape of a kept chart; one of another shape is dropped, not guessed at.
const keptVersion = 1;

/**
 * Keeps the chart on screen.
 * @param {{form: Object, request: Object, answers: Object<string, Object>}} chart
 */
export function keepChart(chart) {
  return store.set("chart", JSON.stringify({ version: keptVersion, ...chart }));
}

/** The chart kept last, or null. */
export function keptChart() {
  try {
    const chart = JSON.parse(store.get("chart"));
    if (chart?.version === keptVersion && chart.form && chart.request && chart.answers) return chart;
  } catch {
    // not ours, or cut short
  }
  return null;
}

export function forgetChart() {
  store.remove("chart");
}
