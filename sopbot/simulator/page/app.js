/**
 * Puts the page together: store, stream, list, columns, clock. The only module that knows all others.
 */

import { mountClock } from "./clock.js";
import { Column } from "./column.js";
import { Desk } from "./desk.js";
import { el } from "./dom.js";
import { toast } from "./notices.js";
import { mountPeople } from "./people.js";
import { Store } from "./store.js";
import { follow } from "./stream.js";

const store = new Store();
const desk = new Desk();
const columnsRoot = document.getElementById("percakapan");
const shown = new Map();
const drafts = new Map();

function arrange(inFront = false) {
  const isNew = !shown.has(desk.active);
  const people = visibleIds().map((id) => store.person(id)).filter(Boolean);
  const wanted = new Set(people.map((person) => person.id));
  for (const [id, column] of shown) {
    if (wanted.has(id)) continue;
    drafts.set(id, column.composer.input.value);
    column.stop();
    shown.delete(id);
  }
  columnsRoot.querySelector(".welcome")?.remove();
  people.forEach((person, at) => {
    if (!shown.has(person.id)) shown.set(person.id, open(person));
    const { root } = shown.get(person.id);
    // Moving an element loses its scroll position and focus, so only what stands elsewhere is moved.
    if (columnsRoot.children[at] !== root) columnsRoot.insertBefore(root, columnsRoot.children[at] ?? null);
    root.classList.toggle("active", desk.active === person.id);
  });
  // Never while somebody presses a button there: it would move away under the finger, and the press be lost.
  if (inFront || isNew) shown.get(desk.active)?.root.scrollIntoView({ inline: "nearest", block: "nearest" });
  if (people.length === 0) columnsRoot.append(welcome());
  columnsRoot.dataset.count = String(people.length);
  document.getElementById("app").classList.toggle("in-chat", desk.narrow && people.length > 0);
  document.body.classList.toggle("narrow", desk.narrow);
}

function visibleIds() {
  if (!desk.narrow) return desk.open;
  return desk.active === null ? [] : [desk.active];
}

function open(person) {
  const column = new Column(person, store, desk);
  const draft = drafts.get(person.id);
  if (draft) column.composer.restore(draft);
  return column;
}

function welcome() {
  return el("div", { class: "welcome" },
    el("p", { class: "empty-title", text: "Pilih seorang pejabat untuk memulai percakapan" }),
    el("p", { text: "Setiap pejabat di daftar sudah terhubung dengan bot. Bukalah beberapa pejabat berdampingan, lalu kirim /mulai dari salah satunya untuk menjalankan sebuah SOP." }),
    el("p", { text: "Jam di bagian atas dapat dimajukan, sehingga pengingat datang tanpa perlu menunggu." }));
}

mountClock(document.getElementById("clock"), store);
mountPeople(document.getElementById("people"), store, desk);
desk.onChange((inFront) => {
  const before = desk.active !== null && shown.has(desk.active);
  arrange(inFront);
  if (!before && desk.active !== null) shown.get(desk.active)?.focus();
});
store.on("people", () => arrange());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  store.refreshClock().catch(() => undefined);
  for (const [id, column] of shown) if (column.log.atEnd) store.markRead(id);
});
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  columnsRoot.focus();
});

let troubled = false;
follow(store, {
  openIds: visibleIds,
  onState: (connected) => { document.getElementById("banner").hidden = connected; },
  onTrouble: (error) => {
    if (!troubled) toast(error.message, "error");
    troubled = true;
  },
});
arrange();
