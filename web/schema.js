// JSON Schema as OpenAPI 3.1 uses it: shown as lists, and sampled as values.

import { el } from "./dom.js";
import { t } from "./i18n.js";

/** Follows a reference within the document; anything else comes back as it is. */
export function resolve(api, node) {
  let seen = 0;
  while (node?.$ref && seen++ < 20) {
    node = node.$ref.slice(2).split("/").reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], api);
  }
  return node ?? {};
}

const refName = (schema) => schema?.$ref?.split("/").pop() ?? "";

/** A schema's type in a few words: "string (date)", "array of Palace". */
export function typeName(schema) {
  if (!schema || schema === true) return t("docs.any");
  const named = refName(schema);
  if (named) return named;
  for (const [key, word] of [["oneOf", " | "], ["anyOf", " | "], ["allOf", " & "]]) {
    if (schema[key]) return schema[key].map(typeName).join(word);
  }
  if ("const" in schema) return JSON.stringify(schema.const);
  const types = [schema.type ?? (schema.properties ? "object" : t("docs.any"))].flat();
  const shown = types.map((type) => (type === "array" ? t("docs.arrayOf", { type: typeName(schema.items) }) : type)).join(" | ");
  return schema.format ? `${shown} (${schema.format})` : shown;
}

/** A schema as a list of its members. Schemas within open when asked. */
export function schemaView(api, schema) {
  const full = resolve(api, schema);
  const parts = full.allOf ?? full.oneOf ?? full.anyOf;
  const box = el("div", { class: "schema-view" });
  if (full.description) box.append(el("p", { text: full.description }));
  if (parts) box.append(...parts.map((part) => nested(api, part)));
  const members = Object.entries(full.properties ?? {}).filter(([name]) => name !== "$schema");
  if (members.length > 0) {
    box.append(el("ul", { class: "members" }, ...members.map(([name, member]) => memberView(api, name, member, full.required?.includes(name)))));
  } else if (!parts) {
    box.append(el("p", {}, el("code", { text: typeName(full) }), ...limits(full)));
    if (full.items) box.append(nested(api, full.items));
  }
  return box;
}

function memberView(api, name, member, required) {
  const full = resolve(api, member);
  const inner = full.items ?? member;
  const deep = resolve(api, inner);
  return el("li", {},
    el("code", { class: "member-name", text: name }),
    el("span", { class: "member-type", text: typeName(member) }),
    required && el("span", { class: "required", text: t("docs.required") }),
    ...limits(full),
    full.description && el("p", { text: full.description }),
    (deep.properties || deep.oneOf || deep.anyOf || deep.allOf) && nested(api, inner));
}

/** A schema folded away; what it holds is drawn when it is opened, since schemas may hold themselves. */
function nested(api, schema) {
  const box = el("details", { class: "nested" }, el("summary", { text: typeName(schema) }));
  box.addEventListener("toggle", () => box.append(schemaView(api, schema)), { once: true });
  return box;
}

/** What a value may be, as small marks. */
function limits(schema) {
  const said = [];
  if (schema.enum) said.push(schema.enum.map((v) => JSON.stringify(v)).join(" "));
  if (schema.default !== undefined) said.push(t("docs.default", { value: JSON.stringify(schema.default) }));
  const range = (low, high, unit) => {
    if (low === undefined && high === undefined) return;
    const bounds = low === high ? low : low === undefined ? `≤ ${high}` : high === undefined ? `≥ ${low}` : `${low}–${high}`;
    said.push(`${bounds}${unit}`);
  };
  range(schema.minimum, schema.maximum, "");
  range(schema.minLength, schema.maxLength, t("docs.characters"));
  range(schema.minItems, schema.maxItems, t("docs.items"));
  if (schema.pattern) said.push(schema.pattern);
  return said.map((text) => el("span", { class: "limit", text }));
}

/**
 * A value that fits a schema well enough to start from: its example where it has
 * one, otherwise what is required.
 */
export function sample(api, schema, depth = 0) {
  const full = resolve(api, schema);
  const given = full.example ?? full.examples?.[0] ?? full.default ?? full.const ?? full.enum?.[0];
  if (given !== undefined) return given;
  if (depth > 5) return null;
  if (full.allOf) return Object.assign({}, ...full.allOf.map((part) => sample(api, part, depth + 1)));
  if (full.oneOf || full.anyOf) return sample(api, (full.oneOf ?? full.anyOf)[0], depth + 1);
  const type = [full.type ?? (full.properties ? "object" : "null")].flat()[0];
  if (type === "object") return sampleObject(api, full, depth);
  if (type === "array") return [sample(api, full.items, depth + 1)];
  return { string: "", integer: full.minimum ?? 0, number: full.minimum ?? 0, boolean: false }[type] ?? null;
}

function sampleObject(api, schema, depth) {
  const exemplary = (m) => m.example !== undefined || m.examples !== undefined;
  const members = Object.entries(schema.properties ?? {})
    .filter(([name, m]) => name !== "$schema" && (schema.required?.includes(name) || exemplary(resolve(api, m))));
  return Object.fromEntries(members.map(([name, m]) => [name, sample(api, m, depth + 1)]));
}
