// The page's language: which one, its words, and putting them on the page.

import { words } from "./words.js";
import { store } from "./store.js";

const listeners = new Set();

/** The languages the page itself speaks. */
export const languages = Object.keys(words);

/** The language shown now. */
export function language() {
  const lang = document.documentElement.lang;
  return languages.includes(lang) ? lang : languages[0];
}

/**
 * The words for a key, with {name} replaced by vars.name. A key without words
 * comes back as it is.
 */
export function t(key, vars = {}) {
  const text = words[language()][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in vars ? String(vars[name]) : whole));
}

/** Whether there are words for a key. */
export function has(key) {
  return key in words[language()];
}

/** Calls f now and after every change of language. */
export function onLanguage(f) {
  listeners.add(f);
  f();
}

/** Changes the language, remembers it, and tells those who asked. */
export function setLanguage(lang) {
  if (!languages.includes(lang)) return;
  document.documentElement.lang = lang;
  store.set("language", lang);
  translate(document);
  for (const f of listeners) f();
}

/** Puts words on every element below root that asks for some by data-t, data-t-label, data-t-placeholder or data-t-title. */
export function translate(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
  for (const node of root.querySelectorAll("[data-t-title]")) node.title = t(node.dataset.tTitle);
  const title = document.documentElement.dataset.title;
  document.title = t(title ?? "page.title");
  delete document.documentElement.dataset.pending;
}
