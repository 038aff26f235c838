// Taking a chart away: as a picture, or as text for a chat.

import { chartText, picture } from "./api.js";

/**
 * Saves a picture of a chart. Its file's name tells nothing of the birth.
 * @param {"svg"|"png"} kind
 * @param {Object} request for the chart
 * @param {{theme: string, language: string}} look
 */
export async function savePicture(kind, request, look) {
  const blob = await picture(kind, { request, ...look, width: 1600 });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = `fortunet-${request.chartType}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Puts a chart on the clipboard as text. */
export async function copyText(request) {
  // The promise goes in whole: after an await the browser would no longer take this for
  // the person's own doing.
  const text = chartText(request);
  if (globalThis.ClipboardItem && navigator.clipboard?.write) {
    const blob = text.then((s) => new Blob([s], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    return;
  }
  await navigator.clipboard.writeText(await text);
}
