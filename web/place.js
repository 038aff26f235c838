// The search for a place of birth: a text field with a list of what it may mean.

import { el } from "./dom.js";
import { language, t } from "./i18n.js";
import { findPlaces } from "./api.js";

const pause = 180; // milliseconds after the last key before the server is asked

export class PlaceField {
  #input;
  #list;
  #note;
  #chosen = null;
  #found = [];
  #at = -1; // the option that is lit
  #timer = 0;
  #asking = null;
  #onChoice;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list holds the options
   * @param {HTMLElement} note says what was chosen
   * @param {function(Object|null): void} onChoice is told of each choice
   */
  constructor(input, list, note, onChoice) {
    this.#input = input;
    this.#list = list;
    this.#note = note;
    this.#onChoice = onChoice;
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(Number(option.dataset.index));
    });
  }

  /** The place chosen, {name, latitude, longitude, timezone}, or null. */
  get value() {
    return this.#chosen;
  }

  set value(place) {
    this.#chosen = place;
    this.#input.value = place?.name ?? "";
    this.#tell();
  }

  #typed() {
    if (this.#chosen) {
      this.#chosen = null;
      this.#onChoice(null);
    }
    this.#tell();
    clearTimeout(this.#timer);
    const query = this.#input.value.trim();
    if (query === "") return this.#close();
    this.#timer = setTimeout(() => this.#ask(query), pause);
  }

  async #ask(query) {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const found = await findPlaces(query, language(), asking.signal);
      if (this.#input.value.trim() === query) this.#show(found);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      this.#close();
      this.#note.textContent = t("form.placeOffline");
    }
  }

  #show(found) {
    this.#found = found;
    this.#list.replaceChildren(...found.map((p, i) =>
      el("li", { role: "option", id: `place-${i}`, "aria-selected": "false", data: { index: i } },
        el("span", { class: "place-name", text: p.name }),
        el("span", { class: "place-where", text: [p.region, p.country].filter(Boolean).join(t("form.placeJoin")) }))));
    this.#list.hidden = found.length === 0;
    this.#input.setAttribute("aria-expanded", String(found.length > 0));
    this.#light(found.length > 0 ? 0 : -1);
    this.#note.textContent = found.length === 0 ? t("form.placeNone") : "";
  }

  #light(at) {
    this.#at = at;
    for (const [i, option] of [...this.#list.children].entries()) option.setAttribute("aria-selected", String(i === at));
    if (at >= 0) {
      this.#input.setAttribute("aria-activedescendant", `place-${at}`);
      this.#list.children[at].scrollIntoView({ block: "nearest" });
    } else {
      this.#input.removeAttribute("aria-activedescendant");
    }
  }

  #key(event) {
    const open = !this.#list.hidden;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && open) {
      event.preventDefault();
      this.#light((this.#at + move + this.#found.length) % this.#found.length);
    } else if (event.key === "Enter" && open && this.#at >= 0) {
      event.preventDefault();
      this.#choose(this.#at);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.#close();
    }
  }

  #choose(index) {
    const p = this.#found[index];
    const name = [p.region, p.name].filter(Boolean).join(" ");
    this.value = { name, latitude: p.latitude, longitude: p.longitude, timezone: p.timezone };
    this.#close();
    this.#onChoice(this.#chosen);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#light(-1);
  }

  /** Below the field stands where the place is. */
  #tell() {
    const p = this.#chosen;
    this.#note.textContent = p ? t("form.placeFound", { where: coordinates(p), zone: p.timezone ?? "" }) : "";
  }
}

/** Latitude and longitude in words. */
export function coordinates({ latitude, longitude }) {
  const part = (x, positive, negative) => `${Math.abs(x).toFixed(2)}°${x < 0 ? negative : positive}`;
  return `${part(latitude, "N", "S")} ${part(longitude, "E", "W")}`;
}
