/**
 * The inline keyboard under a message, and pressing it. Counterpart: `POST /sim/people/{id}/taps`.
 */

import * as api from "./api.js";
import { el, icon } from "./dom.js";
import { link, startCode } from "./links.js";
import { alertBox, copy, toast } from "./notices.js";

const STYLES = new Set(["success", "danger", "primary"]);

/** The rows of buttons, or null. `context.taps` presses them and knows which wait for an answer. */
export function keyboard(message, context) {
  const rows = (message.buttons ?? []).filter((row) => row.length > 0);
  if (rows.length === 0) return null;
  return el("div", { class: "keyboard", role: "group", "aria-label": "Tombol pesan" },
    ...rows.map((row) => el("div", { class: "keys" }, ...row.map((button) => key(message, button, context)))));
}

/** The classes of a key with one of Telegram's button styles, or none. */
export function keyClass(style) {
  return STYLES.has(style) ? `key key-${style}` : "key";
}

function key(message, button, context) {
  const look = { class: keyClass(button.style) };
  const label = el("span", { class: "key-text", text: button.text });
  if (button.url) return link(button.url, context.sendText, look, label, startCode(button.url) === null
    ? icon("link") : null);
  if (typeof button.copy === "string") {
    return el("button", { type: "button", ...look, on: { click: () => copy(button.copy, context.notes) } }, label,
      icon("copy"));
  }
  if (button.data === undefined || button.data === null) {
    return el("button", { type: "button", ...look, title: "Jenis tombol ini tidak didukung simulator",
      disabled: true }, label);
  }
  const node = el("button",
    { type: "button", ...look, on: { click: () => context.taps.press(message.message_id, button.data) } }, label);
  node.dataset.data = button.data;
  context.taps.mark(node, message.message_id);
  return node;
}

/** The presses of one person: which buttons wait, and what is shown when the answer comes. */
export class Taps {
  #waiting = new Set();
  #id;
  #root;
  #sendText;
  #notes;
  #onPress;

  constructor(id, root, { sendText, notes, onPress }) {
    this.#id = id;
    this.#root = root;
    this.#sendText = sendText;
    this.#notes = notes;
    this.#onPress = onPress;
  }

  /** Shows on a button whether it waits; a bubble drawn anew by an edit keeps its spinner. */
  mark(node, messageId) {
    const waits = this.#waiting.has(`${messageId} ${node.dataset.data}`);
    node.classList.toggle("waiting", waits);
    if (waits) node.setAttribute("aria-busy", "true");
    else node.removeAttribute("aria-busy");
  }

  #markAll(messageId) {
    for (const node of this.#root.querySelectorAll(`[data-message="${messageId}"] .key[data-data]`)) this.mark(node,
      messageId);
  }

  async press(messageId, data) {
    const name = `${messageId} ${data}`;
    if (this.#waiting.has(name)) return;
    this.#onPress();
    this.#waiting.add(name);
    this.#markAll(messageId);
    try {
      const result = await api.tap(this.#id, messageId, data);
      if (result?.alert && result.answer) alertBox("Pesan dari bot", result.answer);
      else if (result?.answer) toast(result.answer, "info", this.#notes);
      const code = result?.url ? startCode(result.url) : null;
      if (code !== null) this.#sendText(`/start ${code}`.trim());
    } catch (error) {
      toast(error.status === 504 ? "Bot belum menjawab" : error.message, "error", this.#notes);
    } finally {
      this.#waiting.delete(name);
      this.#markAll(messageId);
    }
  }
}
