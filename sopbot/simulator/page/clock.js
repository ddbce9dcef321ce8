/**
 * The clock at the top: the simulator's time, and moving it on. It cannot go back. Counterpart: `/sim/clock`.
 */

import * as api from "./api.js";
import { el, icon } from "./dom.js";
import { toast } from "./notices.js";
import { fromInput, hourMinute, longDate, longDateTime, shortDateTime, toInput, tomorrowMorning,
  zoneName } from "./time.js";

const HOUR = 3_600_000;

export function mountClock(root, store) {
  let moving = false;

  const time = el("time", { class: "clock-time", role: "timer" });
  const jump = (text, title, body) => el("button",
    { type: "button", class: "button", title, on: { click: () => move(body()) } }, text);
  const hour = jump("+1 jam", "Majukan jam satu jam", () => ({ advance: 3600 }));
  const morning = jump("Ke besok 07.30", "Majukan jam ke besok pukul 07.30",
    () => ({ to: iso(tomorrowMorning(store.now())) }));
  const nextTime = el("span", { class: "clock-next" });
  const next = jump("Ke pengingat berikutnya", "", () => {
    // What is due already only needs a moment to pass.
    const due = store.next();
    return due > store.now() ? { to: iso(due) } : { advance: 1 };
  });
  next.append(nextTime);
  const when = el("input",
    { type: "datetime-local", id: "clock-when", required: true, step: 60, on: { input: () => spell() } });
  const spelled = el("output", {});
  const form = el("form", { class: "clock-form", id: "clock-form", hidden: true, on: { submit: (event) => {
    event.preventDefault();
    const at = fromInput(when.value);
    if (Number.isNaN(at)) toast("Mohon isi tanggal dan waktunya.", "error");
    else move({ to: iso(at) }).then((done) => done && show(false));
  } } },
  el("label", { htmlFor: "clock-when", text: "Majukan ke" }), when,
  el("button", { type: "submit", class: "button button-primary", text: "Majukan" }), spelled);
  const other = el("button",
    { type: "button", class: "button", text: "Waktu lain…", "aria-expanded": "false", "aria-controls": "clock-form",
    on: { click: () => show(form.hidden) } });
  const tools = el("div", { class: "clock-tools", id: "clock-tools" }, hour, morning, next, other, form);
  const fold = el("button",
    { type: "button", class: "icon-button clock-fold", "aria-expanded": "false", "aria-controls": "clock-tools",
    "aria-label": "Majukan jam", title: "Majukan jam",
      on: { click: () => unfold(!root.classList.contains("unfolded")) } }, icon("clock"));
  const progress = el("div",
    { class: "clock-progress", role: "progressbar", "aria-label": "Memajukan jam", hidden: true });
  root.append(el("div", { class: "clock-now" }, el("span", { class: "clock-label", text: "Sekarang" }), time), fold,
    tools, progress);

  async function move(body) {
    if (moving) return false;
    moving = true;
    draw();
    try {
      store.setClock(await api.moveClock(body));
      toast(`Sekarang ${longDateTime(store.now())}.`);
      unfold(false);
      return true;
    } catch (error) {
      toast(error.status === 409 ? "Jam simulator tidak dapat dimundurkan." : error.message, "error");
      return false;
    } finally {
      moving = false;
      draw();
    }
  }

  function show(open) {
    form.hidden = !open;
    other.setAttribute("aria-expanded", String(open));
    if (!open) return;
    when.value = toInput((store.now() ?? Date.now()) + HOUR);
    spell();
    when.focus();
  }

  // The field shows the order of day and month that the browser's language has; this line leaves no doubt.
  function spell() {
    const at = fromInput(when.value);
    spelled.textContent = Number.isNaN(at) ? "" : longDateTime(at);
  }

  function unfold(open) {
    root.classList.toggle("unfolded", open);
    fold.setAttribute("aria-expanded", String(open));
    if (!open) show(false);
  }

  function draw() {
    const now = store.now();
    const due = store.next();
    root.classList.toggle("moving", moving);
    progress.hidden = !moving;
    for (const button of [hour, morning, other, form.querySelector("button")]) button.disabled = moving || now === null;
    next.disabled = moving || due === null;
    next.title = due === null ? "Tidak ada pengingat yang dijadwalkan" : `Majukan jam ke ${longDateTime(due)}`;
    nextTime.textContent = due === null ? "" : shortDateTime(due);
    if (now === null) return;
    const text = longDateTime(now);
    if (time.title === text) return;
    time.title = text;
    time.dateTime = iso(now);
    time.replaceChildren(el("span", { class: "clock-date", text: longDate(now) }), " ",
      el("span", { class: "clock-hour", text: `${hourMinute(now)} ${zoneName()}` }));
  }

  document.addEventListener("pointerdown", (event) => {
    if (!root.contains(event.target)) unfold(false);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    unfold(false);
    (fold.offsetParent ? fold : other).focus();
  });
  store.on("clock", draw);
  setInterval(draw, 1_000);
  draw();
}

const iso = (at) => new Date(at).toISOString();
