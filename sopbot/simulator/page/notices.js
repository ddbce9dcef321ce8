/**
 * Toasts, the alert that must be confirmed, the line for screen readers, and the clipboard with its receipt.
 */

import { el } from "./dom.js";

const SHOWN_FOR = 4_500;

/** A short note that goes away by itself, in one person's column or on the page; `kind` is "info" or "error". */
export function toast(text, kind = "info", box = document.getElementById("toasts")) {
  const note = el("div", { class: `toast toast-${kind}`, text });
  for (const older of box.querySelectorAll(".toast-info")) older.remove(); // together they would hide the chat
  box.append(note);
  while (box.children.length > 3) box.firstElementChild.remove();
  setTimeout(() => note.remove(), SHOWN_FOR);
}

/** A sentence the person has to confirm, as Telegram shows an answer with `show_alert`. */
export function alertBox(title, text) {
  const heading = el("h2", { text: title });
  const body = el("p", { text });
  const done = el("button", { type: "submit", class: "button button-primary", text: "Mengerti", autofocus: true });
  const dialog = el("dialog", { class: "alert", "aria-label": title },
    el("form", { method: "dialog", on: { submit: (event) => { event.preventDefault(); dialog.close(); } } },
      heading, body, done));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Says something to screen readers only. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** Puts text on the clipboard and says so. */
export async function copy(text, box) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Teks disalin.", "info", box);
  } catch {
    toast("Peramban tidak mengizinkan penyalinan.", "error", box);
  }
}
