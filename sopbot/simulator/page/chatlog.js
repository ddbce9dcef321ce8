/**
 * The scrolling part of a chat: bubbles in order under their dates, edited in place, kept at the newest only while
 * one is already there. Counterpart: bubble.js draws each message.
 */

import { bubble } from "./bubble.js";
import { el, icon } from "./dom.js";
import { dayHeading, dayKey, moment } from "./time.js";

const PAGE = 120;
const NEAR = 48;

export class ChatLog {
  #id;
  #store;
  #context;
  #nodes = new Map();
  #limit = PAGE;
  #stuck = true;
  #extent = ""; // the heights of the list and of its window when it was last looked at
  #missed = 0;
  #unreadFrom = null;

  constructor(id, store, context) {
    this.#id = id;
    this.#store = store;
    this.#context = { ...context, find: (messageId) => store.message(id, messageId),
      jump: (messageId) => this.jump(messageId) };
    this.list = el("div", { class: "log-list" });
    this.scroller = el("div",
      { class: "log", role: "log", "aria-live": "off", tabIndex: 0, "aria-label": "Percakapan" }, this.list);
    this.pill = el("button", { type: "button", class: "pill", hidden: true, on: { click: () => this.toEnd(true) } });
    this.root = el("div", { class: "log-frame" }, this.scroller, this.pill);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Pictures that load late and a phone's keyboard change heights; whoever was at the end stays there.
    this.resizes = new ResizeObserver(() => this.#stuck && this.toEnd(false));
    this.resizes.observe(this.list);
    this.resizes.observe(this.scroller);
  }

  set taps(taps) {
    this.#context.taps = taps;
  }

  stop() {
    this.resizes.disconnect();
  }

  /** Draws what the store holds; `added` is the message that just came or changed, or null. */
  draw(added = null) {
    const messages = this.#store.messages(this.#id);
    if (!messages) return this.list.replaceChildren(el("p",
      { class: "empty", role: "status", text: "Memuat percakapan…" }));
    if (this.#unreadFrom === null) this.#unreadFrom = this.#firstUnread(messages);
    const isNew = added !== null && !this.#nodes.has(`m${added.message_id}`) && added === messages.at(-1);
    this.#reconcile(this.#items(messages));
    if (isNew && added.from === "me") this.toEnd(false);
    else if (this.#stuck) this.toEnd(false);
    else if (isNew) {
      this.#missed += 1;
      this.#showPill();
    }
    return undefined;
  }

  #firstUnread(messages) {
    const upTo = this.#store.readUpTo(this.#id);
    return upTo === 0 ? 0 : messages.find((message) => message.from !== "me" && message.message_id > upTo)?.message_id ?? 0;
  }

  #items(messages) {
    if (messages.length === 0) return [{ key: "empty", look: "", make: () => this.#emptyState() }];
    const shown = messages.slice(-this.#limit);
    const now = this.#store.now() ?? moment(shown.at(-1).date);
    const items = [];
    if (shown.length < messages.length) items.push({ key: "earlier", look: "", make: () => this.#earlier() });
    const days = shown.map((message) => dayKey(moment(message.date)));
    shown.forEach((message, at) => {
      const newDay = days[at] !== days[at - 1];
      const marked = message.message_id === this.#unreadFrom;
      if (newDay) {
        const heading = dayHeading(moment(message.date), now);
        items.push({ key: `d${days[at]}${message.message_id}`, look: heading,
          make: () => el("div", { class: "day" }, el("span", { text: heading })) });
      }
      if (marked) items.push({ key: "unread", look: "",
        make: () => el("div", { class: "unread-line" }, el("span", { text: "Belum dibaca" })) });
      const first = newDay || marked || shown[at - 1].from !== message.from;
      const last = days[at + 1] !== days[at] || shown[at + 1].from !== message.from;
      items.push({ key: `m${message.message_id}`, look: JSON.stringify(message), first, last,
        make: () => bubble(message, this.#context) });
    });
    return items;
  }

  #reconcile(items) {
    const focused = this.list.contains(document.activeElement) ? this.#focusPath() : null;
    const kept = new Map();
    let place = this.list.firstChild;
    for (const { key, look, make, first, last } of items) {
      const old = this.#nodes.get(key);
      const entry = old?.look === look ? old : { look, node: make() };
      if (old && old !== entry) {
        if (place === old.node) place = entry.node;
        old.node.replaceWith(entry.node);
      }
      entry.node.classList.toggle("first", first ?? false);
      entry.node.classList.toggle("last", last ?? false);
      if (entry.node === place) place = place.nextSibling;
      else this.list.insertBefore(entry.node, place);
      kept.set(key, entry);
    }
    while (place) {
      const after = place.nextSibling;
      place.remove();
      place = after;
    }
    this.#nodes = kept;
    focused?.();
  }

  // A bubble drawn anew by an edit takes the keyboard focus of the one it replaces.
  #focusPath() {
    const was = document.activeElement;
    const row = was.closest("[data-message]");
    const nth = row ? [...row.querySelectorAll("button, a")].indexOf(was) : -1;
    return () => {
      if (was.isConnected || nth === -1) return;
      const now = this.list.querySelector(`[data-message="${row.dataset.message}"]`);
      (now?.querySelectorAll("button, a")[nth] ?? this.scroller).focus({ preventScroll: true });
    };
  }

  #emptyState() {
    // Nobody who has not pressed Start can be written to, as on Telegram itself.
    const started = this.#store.person(this.#id)?.started ?? true;
    const command = started ? "/mulai" : "/start";
    return el("div", { class: "empty" },
      el("p", { class: "empty-title", text: "Belum ada pesan" }),
      el("p", { text: started
        ? "Silakan kirim /mulai untuk memulai, atau tulis pesan di bawah. Tugas dari bot akan tampil di sini."
        : "Orang ini belum pernah menghubungi bot. Silakan kirim /start agar bot dapat membalas." }),
      el("button", { type: "button", class: "button button-primary", text: `Kirim ${command}`,
        on: { click: () => this.#context.sendText(command) } }));
  }

  #earlier() {
    return el("button", { type: "button", class: "button earlier", text: "Tampilkan pesan sebelumnya",
      on: { click: () => {
        const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
        this.#limit += PAGE;
        this.draw();
        this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
      } } });
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // A new layout scrolls by itself, and tells so before it tells the new size: nobody left the end.
    if (this.#newSize() && this.#stuck) {
      this.toEnd(false);
      return;
    }
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#stuck) {
      this.#missed = 0;
      this.#seen();
    }
    this.#showPill();
  }

  // Whether the heights are others than when this was asked last.
  #newSize() {
    const before = this.#extent;
    this.#extent = `${this.scroller.scrollHeight} ${this.scroller.clientHeight}`;
    return this.#extent !== before;
  }

  #showPill() {
    this.pill.hidden = this.#stuck;
    this.pill.classList.toggle("news", this.#missed > 0);
    const text = this.#missed > 0 ? `${this.#missed} pesan baru` : "Ke pesan terbaru";
    this.pill.setAttribute("aria-label", text);
    this.pill.replaceChildren(...(this.#missed > 0 ? [el("span", { text }), icon("down")] : [icon("down")]));
  }

  /** Whether the newest message is in sight (or will be, once drawn). */
  get atEnd() {
    return this.#stuck;
  }

  #seen() {
    if (document.visibilityState === "visible") this.#store.markRead(this.#id);
  }

  toEnd(smoothly) {
    this.#newSize();
    const calm = !smoothly || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: calm ? "instant" : "smooth" });
    if (!smoothly) {
      this.#stuck = true;
      this.#missed = 0;
      this.#showPill();
      this.#seen();
    }
  }

  /** Shows an earlier message and lights it up for a moment. */
  jump(messageId) {
    const messages = this.#store.messages(this.#id) ?? [];
    const at = messages.findIndex((message) => message.message_id === messageId);
    if (at === -1) return;
    if (messages.length - at > this.#limit) {
      this.#limit = messages.length - at + PAGE;
      this.draw();
    }
    const node = this.#nodes.get(`m${messageId}`)?.node;
    node?.scrollIntoView({ block: "center" });
    node?.classList.remove("lit");
    node?.getBoundingClientRect();
    node?.classList.add("lit");
  }
}
