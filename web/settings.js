// The switches in the masthead: language and theme.

import { byId } from "./dom.js";
import { language, setLanguage } from "./i18n.js";
import { store } from "./store.js";

const listeners = new Set();

/** Calls f after every change of the page's colours. */
export function onTheme(f) {
  listeners.add(f);
}

/** Whether the page is dark now. */
export const isDark = () => theme() === "dark" || (theme() === "system" && matchMedia("(prefers-color-scheme: dark)").matches);

/** Makes the two switches work. */
export function startSettings() {
  startSwitch(byId("language"), language, setLanguage);
  startSwitch(byId("theme"), theme, setTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  tintBrowser();
}

function startSwitch(group, current, choose) {
  const buttons = [...group.querySelectorAll("button")];
  const show = () => {
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.value === current()));
  };
  for (const b of buttons) {
    b.addEventListener("click", () => {
      choose(b.dataset.value);
      show();
    });
  }
  show();
}

/** "light", "dark", or "system" where the reader has not chosen. */
function theme() {
  return document.documentElement.dataset.theme ?? "system";
}

function setTheme(value) {
  if (value === "system") {
    delete document.documentElement.dataset.theme;
    store.remove("theme");
  } else {
    document.documentElement.dataset.theme = value;
    store.set("theme", value);
  }
  recolour();
}

function recolour() {
  tintBrowser();
  for (const f of listeners) f();
}

/** Gives the browser's own bars the colour of the page. */
function tintBrowser() {
  const colour = getComputedStyle(document.documentElement).backgroundColor;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", colour);
}
