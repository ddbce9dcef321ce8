/**
 * Telegram's HTML to DOM nodes. The markup is parsed into a document that is never shown and where nothing runs or
 * loads; only tags on the list are built anew, without their attributes, so nothing of the parsed tree reaches the
 * page. Counterpart: the server's `html` field, written from message entities.
 */

import { el } from "./dom.js";
import { link } from "./links.js";

const PLAIN = new Map([["B", "strong"], ["STRONG", "strong"], ["I", "em"], ["EM", "em"], ["U", "u"], ["INS", "u"],
  ["S", "s"], ["STRIKE", "s"], ["DEL", "s"], ["CODE", "code"], ["PRE", "pre"], ["BLOCKQUOTE", "blockquote"]]);
const SILENT = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "IFRAME", "OBJECT", "SVG", "MATH"]);
const BLOCKS = new Set(["PRE", "BLOCKQUOTE"]);
const NO_LINKS = new Set(["A", "CODE", "PRE"]);

// Telegram makes addresses and commands in plain text pressable, so officers are used to it.
const PRESSABLE = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]|(?<![\w/.@])(?:t\.me|telegram\.me)\/[\w/?=&-]+)|(?<![\w/<.:])\/([a-z][a-z0-9_]{0,31})(?:@\w+)?(?![\w/])/gi;

/** A fragment that shows `html` as that text; `sendText` is called for commands and deep links pressed in it. */
export function richText(html, sendText) {
  // The explicit <body> keeps white space at the start, which the parser would drop before an implied one.
  const parsedPage = new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html");
  const fragment = document.createDocumentFragment();
  for (const child of parsedPage.body.childNodes) append(fragment, child, sendText, true);
  return fragment;
}

function append(parent, node, sendText, linkable) {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = withoutBlockBreaks(node);
    if (linkable) appendPressable(parent, text, sendText);
    else parent.append(text);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.nodeName.toUpperCase())) return;
  const shell = shellFor(node, sendText);
  const inner = linkable && !NO_LINKS.has(node.nodeName);
  for (const child of node.childNodes) append(shell ?? parent, child, sendText, inner);
  if (shell) parent.append(shell);
}

// A quotation or a block of code stands on lines of its own: the line break next to it is its own end, not a blank line.
function withoutBlockBreaks(node) {
  let text = node.data;
  if (BLOCKS.has(node.previousSibling?.nodeName)) text = text.replace(/^\n/, "");
  if (BLOCKS.has(node.nextSibling?.nodeName)) text = text.replace(/\n$/, "");
  return text;
}

function shellFor(node, sendText) {
  const tag = PLAIN.get(node.nodeName);
  if (tag) return el(tag, { class: node.hasAttribute("expandable") ? "expandable" : null });
  if (node.nodeName === "BR") return document.createElement("br");
  if (node.nodeName === "A") return link(node.getAttribute("href") ?? "", sendText, {});
  if (node.nodeName === "TG-SPOILER" || node.classList.contains("tg-spoiler")) return spoiler();
  return null;
}

function spoiler() {
  const node = el("span", { class: "spoiler", role: "button", tabIndex: 0, "aria-label": "Teks tersembunyi, tekan untuk melihat" });
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    node.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", reveal, { once: true });
  node.addEventListener("keydown", reveal);
  return node;
}

function appendPressable(parent, text, sendText) {
  let from = 0;
  for (const found of text.matchAll(PRESSABLE)) {
    const [whole, address] = found;
    parent.append(text.slice(from, found.index));
    parent.append(address ? link(address, sendText, {}, whole)
      : el("button", { type: "button", class: "link", text: whole, on: { click: () => sendText(whole) } }));
    from = found.index + whole.length;
  }
  parent.append(text.slice(from));
}
