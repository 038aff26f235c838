// Puts the reader's theme and language on the page before it is first painted.
// A classic script, because a module would run after that.
(() => {
  "use strict";
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is off: nothing was chosen
    }
  };
  const theme = read("fortunet.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const language = read("fortunet.language");
  const preferred = navigator.languages ?? [navigator.language];
  const first = preferred.find((l) => /^(zh|en)\b/i.test(l)) ?? (preferred.length > 0 ? "en" : "zh-TW");
  root.lang = language === "zh-TW" || language === "en" ? language : /^zh/i.test(first) ? "zh-TW" : "en";
  if (root.lang !== "zh-TW") root.dataset.pending = ""; // hidden until its words are in
})();
