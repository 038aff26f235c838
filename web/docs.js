// The API's description, drawn from /openapi.json.

import { byId, el } from "./dom.js";
import { onLanguage, t, translate } from "./i18n.js";
import { startSettings } from "./settings.js";
import { operationView } from "./operation.js";
import { schemaView } from "./schema.js";

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

start();

async function start() {
  translate(document);
  startSettings();
  byId("token-form").addEventListener("submit", (event) => event.preventDefault());
  byId("filter").addEventListener("input", filter);
  const api = await load();
  if (!api) return;
  onLanguage(() => render(api));
  openTarget();
  addEventListener("hashchange", openTarget);
}

/** The description, or null when it cannot be had. */
async function load() {
  try {
    const response = await fetch("/openapi.json", { headers: { Accept: "application/json" } });
    if (response.ok) return await response.json();
  } catch {
    // told below
  }
  onLanguage(() => {
    byId("docs-problem").hidden = false;
    byId("docs-problem").textContent = t("docs.missing");
  });
  return null;
}

/** Draws everything; what was typed into a form is lost, so only a change of language does it again. */
function render(api) {
  const groups = groupByTag(api);
  byId("about").replaceChildren(...about(api));
  byId("operations").replaceChildren(...groups.map(([tag, operations]) => groupView(api, tag, operations)));
  byId("schemas").replaceChildren(...schemas(api));
  byId("index").replaceChildren(...groups.map(([tag, operations]) => indexView(tag, operations)));
  filter();
}

/** Operations by their first tag, tags in the document's order and then as met. */
function groupByTag(api) {
  const groups = new Map((api.tags ?? []).map((tag) => [tag.name, []]));
  for (const [path, item] of Object.entries(api.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      const tag = operation.tags?.[0] ?? t("docs.untagged");
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push({
        ...operation, method, path, id: `${method}-${path.replace(/[^A-Za-z0-9]+/g, "-")}`,
        parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
      });
    }
  }
  return [...groups].filter(([, operations]) => operations.length > 0);
}

function about(api) {
  const { title, version, description } = api.info ?? {};
  return [
    el("h1", {}, title ?? "API", " ", el("small", { text: version ?? "" })),
    ...paragraphs(description),
    el("p", { class: "note" }, el("a", { href: "/openapi.json", text: "/openapi.json" }), ` · OpenAPI ${api.openapi ?? ""}`),
  ];
}

function paragraphs(text) {
  return (text ?? "").split(/\n{2,}/).filter(Boolean).map((p) => el("p", { text: p }));
}

function groupView(api, tag, operations) {
  const description = (api.tags ?? []).find((x) => x.name === tag)?.description;
  return el("section", { class: "group-of-operations" },
    el("h2", { text: tag }), ...paragraphs(description),
    ...operations.map((operation) => operationView(api, operation, () => byId("token").value.trim())));
}

function indexView(tag, operations) {
  return el("section", {},
    el("h2", { text: tag }),
    el("ul", {}, ...operations.map((o) =>
      el("li", { data: { text: `${o.method} ${o.path} ${o.summary ?? ""}`.toLowerCase(), id: o.id } },
        el("a", { href: `#${o.id}` }, el("span", { class: `method ${o.method}`, text: o.method }), el("span", { text: o.summary ?? o.path }))))));
}

function schemas(api) {
  const all = Object.entries(api.components?.schemas ?? {}).sort(([a], [b]) => a.localeCompare(b));
  if (all.length === 0) return [];
  return [
    el("h2", { text: t("docs.schemas") }),
    ...all.map(([name, schema]) =>
      el("details", { class: "card schema", id: `schema-${name}` },
        el("summary", {}, el("code", { text: name })),
        el("div", { class: "inside" }, schemaView(api, schema)))),
  ];
}

/** Shows only the operations that hold what was typed. */
function filter() {
  const wanted = byId("filter").value.trim().toLowerCase();
  for (const item of byId("index").querySelectorAll("li")) {
    const hit = item.dataset.text.includes(wanted);
    item.hidden = !hit;
    byId(item.dataset.id).hidden = !hit;
  }
  for (const section of document.querySelectorAll("#index section, .group-of-operations")) {
    section.hidden = section.querySelector("li:not([hidden]), .operation:not([hidden])") === null;
  }
}

/** Opens what the address points at. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.scrollIntoView();
}
