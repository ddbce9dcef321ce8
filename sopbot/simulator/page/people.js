/**
 * The list of people at the left (on a phone: the first screen): offices, roles, search, what is unread.
 */

import { avatar, el, icon } from "./dom.js";
import { listTime, moment } from "./time.js";

const COUNTS = [1, 2, 3, 4];

/** "kasubag_pk" → "Kasubag PK": the simulator knows no bot's roles, so it only makes the word readable. */
export function readable(word) {
  return String(word).split(/[_\s-]+/).filter(Boolean)
    .map((part) => (part.length <= 2 ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1))).join(" ");
}

export function rolesOf(person) {
  return (person.roles ?? []).map(readable).join(" · ");
}

export function mountPeople(root, store, desk) {
  let wanted = "";
  let onlyUnread = false;
  let arranged = null;
  const rows = new Map();

  const search = el("input", { type: "search", id: "search", placeholder: "Cari nama, peran, atau kantor",
    autocomplete: "off", spellcheck: false, "aria-label": "Cari pejabat",
    on: { input: () => { wanted = search.value.trim().toLowerCase(); draw(); } } });
  const unreadOnly = el("button", { type: "button", class: "chip", "aria-pressed": "false",
    on: { click: () => { onlyUnread = !onlyUnread; draw(); } } });
  const columns = el("fieldset", { class: "count" }, el("legend", { text: "Kolom" }),
    ...COUNTS.map((count) => el("label", { title: `${count} percakapan berdampingan` },
      el("input", { type: "radio", name: "columns", value: String(count), checked: desk.count === count,
        "aria-label": `${count} kolom`, on: { change: () => desk.setCount(count) } }),
      el("span", { text: String(count), "aria-hidden": "true" }))));
  const list = el("div", { class: "people-list" });
  root.append(
    el("div", { class: "people-head" },
      el("div", { class: "search" }, icon("search"), search),
      el("div", { class: "people-tools" }, unreadOnly, columns)),
    list);

  function draw() {
    const total = store.unreadInAll();
    if (total === 0) onlyUnread = false;
    unreadOnly.textContent = total ? `Belum dibaca (${total})` : "Belum dibaca";
    unreadOnly.disabled = total === 0;
    unreadOnly.setAttribute("aria-pressed", String(onlyUnread));
    document.title = total ? `(${total}) Simulator Percakapan` : "Simulator Percakapan";
    const shown = store.people.filter((person) => matches(person) && (!onlyUnread || store.unread(person.id) > 0));
    arrange(shown);
    for (const person of shown) fill(rows.get(person.id), person);
  }

  // Rows stay the same elements, so that a message that arrives while one is being pressed does not swallow the press.
  function arrange(shown) {
    const order = shown.map((person) => `${person.id}/${officeOf(person)}`).join(",") || `none ${emptyText()}`;
    if (order === arranged) return;
    arranged = order;
    const focused = document.activeElement;
    for (const person of shown) if (!rows.has(person.id)) rows.set(person.id, row(person.id));
    list.replaceChildren(...[...grouped(shown)].map(([office, members]) => el("section", { "aria-label": office },
      el("h2", { class: "office", text: office }),
      el("ul", {}, ...members.map((person) => el("li", {}, rows.get(person.id)))))));
    if (shown.length === 0) list.append(el("p", { class: "empty-list", text: emptyText() }));
    if (list.contains(focused)) focused.focus({ preventScroll: true });
  }

  function emptyText() {
    if (store.people.length === 0) return "Belum ada pejabat di simulator ini. Daftarnya muncul setelah bot atau simulator mendaftarkannya.";
    return `Tidak ada pejabat yang cocok dengan “${search.value.trim()}”. Silakan coba nama, peran, atau kantor lain.`;
  }

  function matches(person) {
    const words = `${person.name} ${person.username ?? ""} ${rolesOf(person)} ${officeOf(person)}`.toLowerCase();
    return wanted.split(/\s+/).every((word) => words.includes(word));
  }

  function row(id) {
    return el("button", { type: "button", data: { person: id }, on: { click: () => desk.show(id) } });
  }

  function fill(button, person) {
    const unread = store.unread(person.id);
    const last = store.messages(person.id)?.at(-1);
    const time = last ? listTime(moment(last.date), store.now() ?? 0) : "";
    const state = desk.active === person.id ? "active" : desk.open.includes(person.id) ? "open" : "";
    button.className = `person ${state}`;
    if (state === "active") button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    const looks = JSON.stringify([person, unread, time, last && preview(last)]);
    if (button.looks === looks) return;
    button.looks = looks;
    button.replaceChildren(
      avatar(person),
      el("span", { class: "person-name", text: person.name }),
      el("span", { class: "person-time", text: time }),
      el("span", { class: "person-roles", text: rolesOf(person) || `@${person.username ?? person.id}` }),
      el("span", { class: "person-last", text: last ? preview(last) : "Belum ada pesan" }));
    if (unread) {
      button.append(el("span", { class: "badge", "aria-label": `${unread} pesan belum dibaca`,
        text: unread > 99 ? "99+" : String(unread) }));
    }
  }

  store.on("people", draw);
  store.on("messages", draw);
  store.on("read", draw);
  desk.onChange(draw);
  draw();
}

function preview(message) {
  const text = (message.text ?? "").replace(/\s+/g, " ").trim().slice(0, 90);
  const said = text || (message.file ? message.file.name : message.sticker
    ? `Stiker ${message.sticker}` : message.contact ? "Kontak" : "Pesan");
  return message.from === "me" ? `Saya: ${said}` : said;
}

function officeOf(person) {
  return person.office ? readable(person.office) : "Tanpa kantor";
}

function grouped(people) {
  const offices = new Map();
  for (const person of people) {
    const office = officeOf(person);
    if (!offices.has(office)) offices.set(office, []);
    offices.get(office).push(person);
  }
  return offices;
}
