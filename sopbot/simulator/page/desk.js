/**
 * Who is open, in which order, who is in front, and how many columns are wanted. Lives in the address
 * (`#buka=11,12&aktif=12`), so a reload, a bookmark and the phone's back button all work.
 */

import { recall, remember } from "./store.js";

const COUNT_KEY = "simulator.columns";
const OPEN_KEY = "simulator.open";
const NARROW = matchMedia("(max-width: 719px)");

export class Desk {
  #used = [];
  #listeners = new Set();

  constructor() {
    this.count = Math.min(4, Math.max(1, recall(COUNT_KEY, 3)));
    this.#read(location.hash || recall(OPEN_KEY, ""));
    addEventListener("popstate", () => {
      this.#read(location.hash);
      this.#tell();
    });
    NARROW.addEventListener("change", () => this.#tell());
  }

  get narrow() {
    return NARROW.matches;
  }

  onChange(listener) {
    this.#listeners.add(listener);
  }

  /** `inFront`: whether the active person was called to the front, and did not only use the own column. */
  #tell(inFront = true) {
    for (const listener of this.#listeners) listener(inFront);
  }

  #read(hash) {
    const query = new URLSearchParams(hash.replace(/^#/, ""));
    const ids = (query.get("buka") ?? "").split(",").map(Number).filter((id) => Number.isSafeInteger(id) && id !== 0);
    this.open = [...new Set(ids)].slice(0, 4);
    const active = Number(query.get("aktif"));
    this.active = this.open.includes(active) ? active : null;
    this.#used = this.#used.filter((id) => this.open.includes(id));
    if (this.active !== null) this.#use(this.active);
  }

  #write(asStep, inFront = true) {
    const query = [this.open.length ? `buka=${this.open.join(",")}` : "", this.active ? `aktif=${this.active}` : ""]
      .filter(Boolean).join("&");
    const hash = `#${query}`;
    if (hash !== location.hash && !(query === "" && location.hash === "")) {
      history[asStep ? "pushState" : "replaceState"](asStep ? { fromList: true } : history.state, "", hash);
    }
    remember(OPEN_KEY, hash);
    this.#tell(inFront);
  }

  /** Brings a person to the front; when all columns are taken, the one used longest ago makes room. */
  show(id) {
    if (!this.open.includes(id)) {
      if (this.open.length < this.count) this.open.push(id);
      else this.open[this.open.indexOf(this.#oldest())] = id;
    }
    const asStep = this.narrow && this.active === null;
    this.#use(id);
    this.#write(asStep);
  }

  /** Notes that somebody's column is being used, without moving anything. */
  touch(id) {
    if (this.active === id) return;
    this.#use(id);
    this.#write(false, false);
  }

  #use(id) {
    this.active = id;
    this.#used = [...this.#used.filter((other) => other !== id), id];
  }

  #oldest() {
    return this.open.find((id) => !this.#used.includes(id)) ?? this.#used.find((id) => this.open.includes(id));
  }

  close(id) {
    this.open = this.open.filter((other) => other !== id);
    if (this.active === id) this.active = this.open.at(-1) ?? null;
    this.#write(false);
  }

  /** On a phone: from the chat to the list, by the browser's own step back when that is where we came from. */
  back() {
    if (history.state?.fromList) history.back();
    else {
      this.active = null;
      this.#write(false);
    }
  }

  setCount(count) {
    this.count = count;
    remember(COUNT_KEY, count);
    while (this.open.length > count) {
      const oldest = this.#oldest();
      this.open = this.open.filter((id) => id !== oldest);
    }
    if (!this.open.includes(this.active)) this.active = this.open.at(-1) ?? null;
    this.#write(false);
  }
}
