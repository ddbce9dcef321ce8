/**
 * One person's chat with the bot: header, messages, composer; also takes files dropped on it.
 */

import { ChatLog } from "./chatlog.js";
import { Composer } from "./composer.js";
import { avatar, el, iconButton } from "./dom.js";
import { Taps } from "./keyboard.js";
import { announce } from "./notices.js";
import { readable, rolesOf } from "./people.js";

const TYPING_FOR = 5_000; // as long as Telegram shows it

export class Column {
  #store;
  #offs;
  #typing;

  constructor(person, store, desk) {
    this.#store = store;
    this.person = person;
    const sendText = (text) => this.composer.send(text);
    const notes = el("div", { class: "toasts toasts-in-column", role: "status", "aria-live": "polite" });
    this.composer = new Composer(person, store, notes);
    this.log = new ChatLog(person.id, store, { sendText, notes, reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message) });
    this.log.taps = new Taps(person.id, this.log.list, { sendText, notes, onPress: () => this.composer.pressed() });
    this.log.root.append(notes);
    const where = [rolesOf(person), person.office && readable(person.office)].filter(Boolean).join(" — ");
    this.about = el("p", { class: "column-about", text: where });
    this.#typing = { text: where, timer: 0 };
    this.root = el("section",
      { class: "column", data: { column: person.id }, "aria-label": `Percakapan ${person.name}` },
      el("header", { class: "column-head" },
        iconButton("back", "Kembali ke daftar pejabat", () => desk.back(), { class: "only-narrow" }),
        avatar(person),
        el("div", { class: "column-title" }, el("h2", { text: person.name }), this.about),
        iconButton("close", `Tutup percakapan ${person.name}`, () => desk.close(person.id), { class: "only-wide" })),
      this.log.root, this.composer.root);
    this.root.addEventListener("focusin", () => desk.touch(person.id));
    this.root.addEventListener("pointerdown", () => desk.touch(person.id));
    this.#takeDrops();
    this.#offs = [
      store.on("messages", (id, added) => id === person.id && this.#changed(added)),
      store.on("typing", (id, typing) => id === person.id && this.#showTyping(typing)),
      store.on("commands", (id) => (id ?? person.id) === person.id && this.composer.loadCommands()),
    ];
    this.log.draw();
    this.composer.loadCommands();
    this.composer.loadAsked();
  }

  /** Ready to write; on a touch screen only the chat is shown, as its keyboard would hide half of it. */
  focus() {
    if (matchMedia("(pointer: coarse)").matches) this.log.scroller.focus({ preventScroll: true });
    else this.composer.focus();
  }

  stop() {
    for (const off of this.#offs) off();
    clearTimeout(this.#typing.timer);
    this.log.stop();
    this.root.remove();
  }

  #changed(added) {
    this.log.draw(added);
    if (added?.from === "me") return;
    this.composer.loadAsked();
    if (added && !added.edited) announce(`${this.person.name} menerima: ${added.text || added.file?.name || "pesan"}`);
  }

  #showTyping(typing) {
    clearTimeout(this.#typing.timer);
    this.about.textContent = typing ? "bot sedang mengetik…" : this.#typing.text;
    this.about.classList.toggle("typing", typing);
    if (typing) this.#typing.timer = setTimeout(() => this.#showTyping(false), TYPING_FOR);
  }

  #takeDrops() {
    const hasFile = (event) => event.dataTransfer?.types.includes("Files");
    this.root.addEventListener("dragover", (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      this.root.classList.add("dropping");
    });
    this.root.addEventListener("dragleave", (event) => {
      if (!this.root.contains(event.relatedTarget)) this.root.classList.remove("dropping");
    });
    this.root.addEventListener("drop", (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      this.root.classList.remove("dropping");
      this.composer.attach(event.dataTransfer.files[0]);
    });
  }
}
