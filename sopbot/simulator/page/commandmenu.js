/**
 * The list of the bot's commands above the composer: all of them from the "/" button, the fitting ones while typing.
 * Counterpart: composer.js, which owns the text and passes it the keys.
 */

import { el } from "./dom.js";

let lists = 0;

export class CommandMenu {
  #choose;
  #input;
  #chosen = 0;
  #shown = [];
  commands = [];

  constructor(input, choose) {
    this.#input = input;
    this.#choose = choose;
    lists += 1;
    this.root = el("div",
      { class: "popup commands", role: "listbox", id: `commands-${lists}`, "aria-label": "Perintah bot",
        hidden: true });
    input.setAttribute("aria-controls", this.root.id);
    input.setAttribute("aria-autocomplete", "list");
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Shows the commands that start with what is typed after the slash, or closes when there is none. */
  suggest(text) {
    const typed = /^\/([a-z0-9_]*)$/i.exec(text);
    if (!typed) return this.close();
    const start = typed[1].toLowerCase();
    const fitting = this.commands.filter(({ command }) => command.toLowerCase().startsWith(start));
    const complete = fitting.length === 1 && fitting[0].command.toLowerCase() === start;
    return complete ? this.close() : this.#open(fitting);
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.#open(this.commands, true);
  }

  #open(commands, evenEmpty = false) {
    if (commands.length === 0 && !evenEmpty) return this.close();
    this.#shown = commands;
    this.#chosen = 0;
    this.root.replaceChildren(...commands.map(({ command, description }, at) => el("div",
      { class: "command", role: "option", id: `${this.root.id}-${at}`,
        // Pressing must not take the focus out of the text, or a phone's keyboard would fold.
        on: { pointerdown: (event) => event.preventDefault(), click: () => this.#pick(at) } },
      el("span", { class: "command-name", text: `/${command}` }),
        el("span", { class: "command-about", text: description }))));
    if (commands.length === 0) this.root.append(el("p",
      { class: "popup-empty", text: "Bot belum menyediakan daftar perintah." }));
    this.root.hidden = false;
    this.#mark();
    return undefined;
  }

  close() {
    this.root.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
  }

  #mark() {
    [...this.root.children].forEach((node, at) => {
      if (node.role === "option") node.setAttribute("aria-selected", String(at === this.#chosen));
      if (at === this.#chosen && node.id) {
        this.#input.setAttribute("aria-activedescendant", node.id);
        node.scrollIntoView({ block: "nearest" });
      }
    });
  }

  #pick(at) {
    const found = this.#shown[at];
    this.close();
    if (found) this.#choose(`/${found.command}`);
  }

  /** Takes a key while the list is open; true when it was used. */
  key(event) {
    if (!this.isOpen) return false;
    const count = this.#shown.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count) {
      this.#chosen = (this.#chosen + step + count) % count;
      this.#mark();
      return true;
    }
    if (event.key === "Escape") {
      this.close();
      return true;
    }
    if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && count) {
      this.#pick(this.#chosen);
      return true;
    }
    return false;
  }
}
