// The patterns (格局) a chart has, each with its reason.

import { el, nameOf } from "./dom.js";
import { t } from "./i18n.js";

/** Fills the section of patterns, or hides it where there is none. */
export function showPatterns(section, data) {
  const found = data?.patterns ?? [];
  section.hidden = found.length === 0;
  section.replaceChildren(
    el("h2", { id: "patterns-title", text: t("patterns.title") }),
    el("ul", {}, ...found.map((p) => item(p, data))),
  );
}

function item(pattern, data) {
  // A western pattern has points and no reason of its own.
  const points = pattern.points?.map((key) => data.bodies[key]?.name ?? key).join(t("palace.separator"));
  return el("li", { class: `pattern ${pattern.tone ?? ""}` },
    el("strong", { text: nameOf(pattern) }),
    el("span", { class: "pattern-reason", text: points ?? pattern.reason }),
    pattern.source && source(pattern.source));
}

/** Where a pattern comes from: a book's title, which stays as it is, or what is handed down without one. */
function source(title) {
  if (title === "傳統") return el("small", { text: t("patterns.tradition") });
  const [before, after] = t("patterns.source").split("{source}");
  return el("small", {}, before, el("cite", { lang: "zh-TW", text: title }), after);
}
