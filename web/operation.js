// One operation of the API: what it takes and answers, and a form to try it.

import { el } from "./dom.js";
import { t } from "./i18n.js";
import { resolve, sample, schemaView, typeName } from "./schema.js";

/**
 * An operation, folded. What is inside is drawn when it is first opened.
 * @param {Object} api the whole description
 * @param {Object} operation with its method, path, id and all its parameters
 * @param {function(): string} token the bearer token to send, or ""
 */
export function operationView(api, operation, token) {
  const { method, path, summary, deprecated } = operation;
  const view = el("details", { class: `card operation${deprecated ? " deprecated" : ""}`, id: operation.id },
    el("summary", {},
      el("span", { class: `method ${method}`, text: method }),
      el("code", { class: "path", text: path }),
      el("span", { class: "summary", text: summary ?? "" })));
  view.addEventListener("toggle", () => view.append(inside(api, operation, token)), { once: true });
  return view;
}

function inside(api, operation, token) {
  const parameters = operation.parameters.map((p) => resolve(api, p));
  const body = resolve(api, operation.requestBody);
  const [type, media] = Object.entries(body.content ?? {})[0] ?? [];
  return el("div", { class: "inside" },
    ...(operation.description ?? "").split(/\n{2,}/).filter(Boolean).map((text) => el("p", { text })),
    parameters.length > 0 && section("docs.parameters", parameterList(parameters)),
    media && section("docs.body", el("p", { class: "note", text: type }), schemaView(api, media.schema)),
    section("docs.responses", ...Object.entries(operation.responses ?? {}).map(([status, r]) => responseView(api, status, resolve(api, r)))),
    section("docs.try", tryForm(api, operation, parameters, type, media, token)));
}

function section(title, ...children) {
  return el("section", {}, el("h3", { text: t(title) }), ...children);
}

function parameterList(parameters) {
  return el("ul", { class: "members" }, ...parameters.map((p) =>
    el("li", {},
      el("code", { class: "member-name", text: p.name }),
      el("span", { class: "member-type", text: `${typeName(p.schema)} · ${p.in}` }),
      p.required && el("span", { class: "required", text: t("docs.required") }),
      p.description && el("p", { text: p.description }))));
}

function responseView(api, status, response) {
  const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
  return el("details", { class: "nested response" },
    el("summary", {}, el("span", { class: `status s${status[0]}`, text: status }), " ", response.description ?? ""),
    media && el("p", { class: "note", text: type }),
    media?.schema && schemaView(api, media.schema));
}

/** A form that sends the operation as it stands. */
function tryForm(api, operation, parameters, type, media, token) {
  const inputs = parameters.filter((p) => p.in !== "cookie").map((p) => [p, parameterInput(operation, p)]);
  const example = media && (media.example ?? Object.values(media.examples ?? {})[0]?.value ?? sample(api, media.schema));
  const body = media && el("textarea", { rows: 8, spellcheck: "false", "aria-label": t("docs.body") });
  if (body) body.value = typeof example === "string" ? example : JSON.stringify(example, null, 2);
  const output = el("div", { class: "output", "aria-live": "polite" });
  const form = el("form", { class: "try", autocomplete: "off" },
    ...inputs.map(([p, input]) => el("label", { class: "try-field" }, el("span", { text: p.name }), input)),
    body, el("button", { type: "submit", class: "quiet", text: t("docs.send") }), output);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(operation, inputs.map(([p, input]) => [p, input.value]), type, body?.value, token(), output);
  });
  return form;
}

function parameterInput(operation, p) {
  const value = p.example ?? p.schema?.default ?? p.schema?.examples?.[0] ?? "";
  return el("input", { type: "text", required: p.required, value: String(value), "aria-label": `${operation.path} ${p.name}` });
}

/** Sends a request and shows what came back. */
async function send(operation, values, type, body, token, output) {
  const headers = new Headers();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (body !== undefined) headers.set("Content-Type", type);
  const query = new URLSearchParams();
  let path = operation.path;
  for (const [p, value] of values) {
    if (p.in === "path") path = path.replace(`{${p.name}}`, encodeURIComponent(value));
    else if (value !== "" && p.in === "query") query.append(p.name, value);
    else if (value !== "" && p.in === "header") headers.set(p.name, value);
  }
  const address = query.size > 0 ? `${path}?${query}` : path;
  const began = performance.now();
  try {
    const response = await fetch(address, { method: operation.method.toUpperCase(), headers, body: body || undefined, credentials: "same-origin" });
    await showResponse(response, began, output);
  } catch (err) {
    output.replaceChildren(el("p", { class: "notice", text: t("docs.failed", { reason: err.message }) }));
  }
}

async function showResponse(response, began, output) {
  const type = response.headers.get("Content-Type") ?? "";
  const content = type.startsWith("image/") ? await image(response) : el("pre", { tabindex: "0", text: pretty(await response.text(), type) });
  const took = Math.round(performance.now() - began);
  output.replaceChildren(
    el("p", { class: "answer" },
      el("span", { class: `status s${String(response.status)[0]}`, text: `${response.status} ${response.statusText}`.trim() }),
      el("span", { class: "note", text: `${took} ms · ${type}` })),
    el("details", { class: "nested" },
      el("summary", { text: t("docs.headers") }),
      el("pre", { text: [...response.headers].map(([k, v]) => `${k}: ${v}`).join("\n") })),
    content);
}

async function image(response) {
  const picture = el("img", { alt: t("docs.picture") });
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  picture.src = URL.createObjectURL(await response.blob());
  return picture;
}

function pretty(text, type) {
  if (!/json/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
