/**
 * One message as a bubble: quote, file, text, time, inline keyboard, and its menu. Counterpart: chatlog.js, which
 * decides where it stands.
 */

import { el, icon, iconButton } from "./dom.js";
import { keyboard } from "./keyboard.js";
import { openMenu } from "./menu.js";
import { richText } from "./richtext.js";
import { hourMinute, longDateTime, moment } from "./time.js";
import { copy } from "./notices.js";

/**
 * `context`: `find(messageId)` another message of this chat, `sendText(text)`, `reply(message)`, `edit(message)`,
 * `jump(messageId)`, `taps` (see keyboard.js), `notes` (where this chat's toasts go).
 */
export function bubble(message, context) {
  const mine = message.from === "me";
  const quoted = quotedMessage(message, context);
  const body = el("div", { class: "bubble" });
  if (!mine && message.from !== "bot") body.append(el("div", { class: "sender", text: message.from }));
  if (message.forwarded_from) body.append(el("div",
    { class: "forwarded", text: `Diteruskan dari ${message.forwarded_from}` }));
  if (quoted) body.append(quote(quoted, context));
  if (message.file) body.append(file(message.file));
  if (message.contact) body.append(contact(message.contact));
  if (typeof message.sticker === "string") {
    body.classList.add("bare");
    body.append(el("div", { class: "sticker", text: message.sticker || "Stiker" }));
  }
  if (!message.contact && (message.text || message.html)) {
    const text = el("div", { class: "text" });
    text.append(message.html ? richText(message.html, context.sendText) : message.text);
    body.append(text);
  }
  const reactions = message.reactions ?? [];
  if (reactions.length) body.append(el("div", { class: "reactions" },
    ...reactions.map((text) => el("span", { text, role: "img", "aria-label": `Reaksi ${text}` }))));
  body.append(meta(message));
  const row = el("article", { class: `row ${mine ? "mine" : "theirs"}`,
    data: { message: message.message_id }, "aria-label": mine ? "Pesan saya" : "Pesan dari bot" },
  el("div", { class: "stack" }, body, keyboard(message, context)));
  const actions = actionsFor(message, context, mine);
  const more = iconButton("more", "Tindakan pesan", () => openMenu(more, actions),
    { class: "more", "aria-haspopup": "menu" });
  row.append(more);
  body.addEventListener("dblclick", (event) => {
    if (event.target.closest("a, button")) return;
    getSelection()?.removeAllRanges();
    context.reply(message);
  });
  body.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img") || !getSelection()?.isCollapsed) return;
    event.preventDefault();
    openMenu(more, actions);
  });
  return row;
}

function actionsFor(message, context, mine) {
  const actions = [{ label: "Balas", icon: "reply", run: () => context.reply(message) }];
  if (message.text) {
    actions.push({ label: "Salin teks", icon: "copy", run: () => copy(message.text, context.notes) });
    if (mine) actions.push({ label: "Ubah", icon: "edit", run: () => context.edit(message) });
  }
  return actions;
}

/** The message this one answers: its excerpt, and whose it is while we still have it. */
function quotedMessage(message, context) {
  if (!message.reply_to) return null;
  const { message_id: id, text } = message.reply_to;
  const known = context.find(id);
  return { id, text: message.quote || text || known?.file?.name || "Pesan", from: known ? known.from : null };
}

function quote({ id, text, from }, context) {
  return el("button", { type: "button", class: "quote", title: "Lihat pesan yang dibalas",
    on: { click: () => context.jump(id) } },
    el("span", { class: "quote-from", text: from === "me" ? "Saya" : from === "bot" ? "Bot" : "Pesan" }),
    el("span", { class: "quote-text", text }));
}

function contact({ first_name: name, last_name: surname, phone_number: phone }) {
  return el("div", { class: "contact" }, el("strong", { text: [name, surname].filter(Boolean).join(" ") }),
    el("span", { text: phone }));
}

function file({ name, size, url, image }) {
  const told = `${name}${size ? `, ${fileSize(size)}` : ""}`;
  if (url && image) {
    return el("a", { class: "picture", href: url, target: "_blank", rel: "noopener noreferrer", title: told },
      el("img", { src: url, alt: `Gambar ${name}`, loading: "lazy" }));
  }
  return el(url ? "a" : "div", { class: "file", href: url, download: url ? name : null, title: `Unduh ${told}` },
    el("span", { class: "file-icon" }, icon("file")),
    el("span", { class: "file-name", text: name }),
    el("span", { class: "file-size", text: size ? `${fileSize(size)} · Unduh` : "Unduh" }));
}

/** "12,5 KB": Indonesian decimals, units of 1024 bytes. */
export function fileSize(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && amount < 100 ? 1 : 0;
  return `${amount.toFixed(digits).replace(/\.0$/, "").replace(".", ",")} ${units[unit]}`;
}

function meta(message) {
  const at = moment(message.date);
  return el("div", { class: "meta" },
    message.pinned ? el("span", { text: "disematkan" }) : null,
    message.edited ? el("span", { text: "diedit" }) : null,
    el("time", { dateTime: new Date(at).toISOString(), title: longDateTime(at), text: hourMinute(at) }));
}
