/**
 * Writing as a person: text, answers, edits of one's own, files, stickers, contacts, and what the bot asks for
 * (ForceReply, reply keyboard). Counterparts: `POST`/`PATCH /sim/people/{id}/messages` and `/sim/people/{id}/reply`.
 */

import * as api from "./api.js";
import { fileSize } from "./bubble.js";
import { CommandMenu } from "./commandmenu.js";
import { el, icon, iconButton } from "./dom.js";
import { keyClass } from "./keyboard.js";
import { toast } from "./notices.js";

const STICKERS = ["👍", "🙏", "✅", "😊", "👏", "❤️", "🎉", "😀", "🤝", "⏳", "❓", "👌"];

export class Composer {
  #person;
  #store;
  #mode = null; // {kind: "reply" | "edit" | "force", message}
  #file = null;
  #asked = null; // what the bot asks for, as /reply tells it
  #dismissed = null;
  #question = null; // the forced reply that was seen last
  #pressed = false; // whether a question that opens now was asked for here
  #sending = false;
  #notes;

  constructor(person, store, notes) {
    this.#person = person;
    this.#store = store;
    this.#notes = notes;
    const label = `Tulis pesan sebagai ${person.name}`;
    this.input = el("textarea", { class: "composer-text", rows: 1, placeholder: "Tulis pesan…", "aria-label": label,
      on: { input: () => { this.#fit(); this.menu.suggest(this.input.value); this.#buttons(); },
        keydown: (event) => this.#key(event), paste: (event) => this.#pasted(event) } });
    this.menu = new CommandMenu(this.input, (text) => { this.#setText(""); this.send(text); });
    this.picker = el("input",
      { type: "file", class: "sr-only", tabIndex: -1, "aria-hidden": "true", "aria-label": "Pilih berkas",
      on: { change: () => { this.attach(this.picker.files[0]); this.picker.value = ""; } } });
    this.sendButton = iconButton("send", "Kirim", () => this.#submit(), { class: "send" });
    this.stickers = el("div", { class: "popup stickers", role: "group", "aria-label": "Stiker", hidden: true },
      ...STICKERS.map((emoji) => el("button", { type: "button", class: "sticker-choice", text: emoji,
        "aria-label": `Kirim stiker ${emoji}`, on: { click: () => this.#sendSticker(emoji) } })));
    this.stickerButton = iconButton("sticker", "Stiker", () => this.#toggleStickers(), { "aria-expanded": "false" });
    this.banner = el("div", { class: "composer-banner", hidden: true });
    this.keys = el("div", { class: "reply-keys", role: "group", "aria-label": "Pilihan jawaban", hidden: true });
    this.root = el("div", { class: "composer" }, this.menu.root, this.stickers, this.banner,
      el("div", { class: "composer-row" },
        iconButton("slash", "Daftar perintah",
          () => { this.#closeStickers(); this.menu.toggle(); this.input.focus(); }),
        iconButton("attach", "Lampirkan berkas", () => this.picker.click()),
        this.picker, this.input, this.stickerButton, this.sendButton),
      this.keys);
    this.root.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.root.contains(relatedTarget)) this.#closePopups();
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.stickers.hidden) {
        this.#closeStickers();
        this.stickerButton.focus();
      }
    });
    this.#buttons();
  }

  get id() {
    return this.#person.id;
  }

  /** Puts back what was being written when this chat was closed. */
  restore(text) {
    this.#setText(text);
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  async loadCommands() {
    try {
      this.menu.commands = (await api.commands(this.id)) ?? [];
    } catch {
      this.menu.commands = [];
    }
  }

  /** Asks what the bot wants from this person now: a forced reply, a keyboard of answers, or nothing. */
  async loadAsked() {
    let asked = null;
    try {
      asked = await api.pendingReply(this.id);
    } catch {
      return;
    }
    const isNew = Boolean(asked?.force_reply) && asked.message_id !== this.#question;
    this.#asked = asked;
    this.#question = asked?.force_reply ? asked.message_id : null;
    if (this.#mode?.kind === "force") this.#mode = null;
    if (this.#asked?.force_reply && this.#mode === null && this.#dismissed !== this.#asked.message_id) {
      const { message_id } = this.#asked;
      this.#mode = { kind: "force", message: this.#store.message(this.id, message_id) ?? { message_id } };
    }
    this.input.placeholder = this.#asked?.input_field_placeholder || "Tulis pesan…";
    this.#drawKeys();
    this.#drawBanner();
    if (isNew && this.#mode?.kind === "force") this.#takeFocus();
  }

  /** Notes that somebody pressed a button of this chat: the question that it opens is answered next. */
  pressed() {
    this.#pressed = true;
  }

  // On the pressed button, Enter and Space would press it again. Whoever has gone on to another place stays there.
  #takeFocus() {
    if (!this.#pressed) return;
    this.#pressed = false;
    const at = document.activeElement;
    if (at === null || at === document.body || this.root.closest(".column")?.contains(at)) this.focus();
  }

  reply(message) {
    if (this.#mode?.kind === "edit") this.#setText("");
    this.#mode = { kind: "reply", message };
    this.#drawBanner();
    this.focus();
  }

  edit(message) {
    this.#mode = { kind: "edit", message };
    this.#setText(message.text);
    this.#drawBanner();
    this.focus();
  }

  attach(file) {
    if (!file) return;
    this.#file = file;
    this.#drawBanner();
    this.focus();
  }

  /** Sends a text as it is: a command, a deep link, a key of the reply keyboard, or what was written. */
  async send(text) {
    await this.#deliver(() => api.send(this.id, { text }));
  }

  async #deliver(call) {
    if (this.#sending) return false;
    this.#sending = true;
    this.pressed();
    this.#buttons();
    try {
      const sent = await call();
      if (sent?.message_id) this.#store.put(this.id, sent.message ?? sent);
      this.#store.markRead(this.id);
      return true;
    } catch (error) {
      toast(error.message, "error", this.#notes);
      return false;
    } finally {
      this.#sending = false;
      this.#buttons();
      this.loadAsked();
    }
  }

  async #submit() {
    const text = this.input.value.trim();
    const mode = this.#mode;
    const file = this.#file;
    if (!text && !file) return;
    this.#closePopups();
    this.#setText("");
    this.#file = null;
    this.#mode = null;
    this.#drawBanner();
    const replyTo = mode && mode.kind !== "edit" ? mode.message.message_id : undefined;
    const done = await this.#deliver(() => {
      if (mode?.kind === "edit") return api.edit(this.id, mode.message.message_id, text);
      if (file) return api.upload(this.id, file, text, replyTo);
      return api.send(this.id, replyTo ? { text, reply_to: replyTo } : { text });
    });
    if (done) return;
    // What was written must not be lost with the connection.
    this.#setText(this.input.value || text);
    this.#file ??= file;
    this.#mode ??= mode;
    this.#drawBanner();
  }

  #sendSticker(emoji) {
    this.#closeStickers();
    this.#deliver(() => api.send(this.id, { sticker: emoji }));
    this.focus();
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.menu.key(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && (this.#mode || this.#file)) this.#cancel();
    else if (event.key === "ArrowUp" && this.input.value === "" && !this.#mode) {
      const mine = this.#store.messages(this.id)?.findLast((message) => message.from === "me" && message.text);
      if (!mine) return;
      event.preventDefault();
      this.edit(mine);
    }
  }

  #pasted(event) {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    this.attach(file);
  }

  #cancel() {
    if (this.#file) this.#file = null;
    else {
      if (this.#mode?.kind === "edit") this.#setText("");
      if (this.#mode?.kind === "force") this.#dismissed = this.#mode.message.message_id;
      this.#mode = null;
    }
    this.#drawBanner();
    this.focus();
  }

  #drawBanner() {
    const titles = { reply: "Balas", edit: "Ubah pesan", force: "Bot menunggu balasan" };
    const parts = [];
    if (this.#mode) {
      const { kind, message } = this.#mode;
      parts.push(icon(kind === "edit" ? "edit" : "reply"), el("div", { class: "banner-about" },
        el("span", { class: "banner-title", text: titles[kind] }),
        el("span", { class: "banner-text", text: message.text || message.file?.name || "Pesan" })));
    }
    if (this.#file) {
      parts.push(icon("file"), el("div", { class: "banner-about" },
        el("span", { class: "banner-title", text: this.#file.name }),
        el("span", { class: "banner-text", text: `${fileSize(this.#file.size)} · tambahkan keterangan bila perlu` })));
    }
    if (parts.length) parts.push(iconButton("close", "Batalkan", () => this.#cancel()));
    this.banner.replaceChildren(...parts);
    this.banner.hidden = parts.length === 0;
    this.#buttons();
  }

  #drawKeys() {
    const rows = this.#asked?.keyboard ?? [];
    this.keys.hidden = rows.length === 0;
    this.keys.replaceChildren(...rows.map((row) => el("div", { class: "keys" }, ...row.map((given) => {
      const { text, style } = given;
      return el("button", { type: "button", class: keyClass(style), on: { click: () => this.#pressKey(given) } },
        el("span", { class: "key-text", text }));
    }))));
  }

  #pressKey(button) {
    if (!button.request_contact) return this.send(button.text);
    return this.#deliver(() => api.send(this.id, { contact: true }));
  }

  #toggleStickers() {
    this.menu.close();
    this.stickers.hidden = !this.stickers.hidden;
    this.stickerButton.setAttribute("aria-expanded", String(!this.stickers.hidden));
    if (!this.stickers.hidden) this.stickers.firstElementChild.focus();
  }

  #closeStickers() {
    this.stickers.hidden = true;
    this.stickerButton.setAttribute("aria-expanded", "false");
  }

  #closePopups() {
    this.menu.close();
    this.#closeStickers();
  }

  #setText(text) {
    this.input.value = text;
    this.#fit();
    this.#buttons();
  }

  // The text grows with its lines up to a limit set in the style sheet.
  #fit() {
    this.input.style.setProperty("height", "auto");
    this.input.style.setProperty("height", `${this.input.scrollHeight}px`);
  }

  #buttons() {
    this.sendButton.disabled = this.#sending || (!this.input.value.trim() && !this.#file);
    this.root.classList.toggle("editing", this.#mode?.kind === "edit");
  }
}
