/**
 * What an address in a message may do: open in a new tab, start the bot, or nothing. Counterpart: richtext.js.
 */

import { el } from "./dom.js";

const OPENABLE = new Set(["http:", "https:", "mailto:", "tel:"]);

function parsed(address) {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
  } catch {
    return null;
  }
}

/** The code of a deep link (`https://t.me/BOT?start=CODE`, `tg://resolve?domain=BOT&start=CODE`), or null. */
export function startCode(address) {
  const url = parsed(address);
  if (!url) return null;
  const web = /^https?:$/.test(url.protocol) && /^(www\.)?(t|telegram)\.me$/i.test(url.hostname);
  const app = url.protocol === "tg:" && (url.hostname === "resolve" || url.pathname.includes("resolve"));
  const code = url.searchParams.get("start");
  return (web || app) && code !== null && /^[\w-]{0,64}$/.test(code) ? code : null;
}

/** The address when it is of a kind that may be opened, otherwise null (`javascript:`, `data:`, …). */
export function openable(address) {
  const url = parsed(address);
  return url && OPENABLE.has(url.protocol) ? url.href : null;
}

/**
 * An element for a link: a deep link sends `/start CODE` as the person, another opens in a new tab without telling
 * it who opened it, and an address of a kind we do not open is shown as text.
 */
export function link(address, sendText, props, ...children) {
  const code = startCode(address);
  if (code !== null) {
    return el("button", { type: "button", title: address, ...props, class: `link ${props.class ?? ""}`,
      on: { click: () => sendText(`/start ${code}`.trim()) } }, ...children);
  }
  const href = openable(address);
  if (href === null) return el("span", props, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", title: href, ...props }, ...children);
}
