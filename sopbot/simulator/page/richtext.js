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
const SPOILER = ["spoiler", "tg-spoiler"];

/** A fragment that shows `html` as that text; `sendText` is called for commands and deep links pressed in it. */
export function richText(html, sendText) {
  // The explicit <body> keeps white space at the start, which the parser would drop before an implied one.
  const parsedPage = new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html");
  const fragment = document.createDocumentFragment();
  for (const child of parsedPage.body.childNodes) append(fragment, child, sendText);
  return fragment;
}

function append(parent, node, sendText) {
  if (node.nodeType === Node.TEXT_NODE) {
    parent.append(withoutBlockBreaks(node));
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.nodeName.toUpperCase())) return;
  const shell = shellFor(node, sendText);
  for (const child of node.childNodes) append(shell ?? parent, child, sendText);
  if (shell) parent.append(shell);
}

// A quotation or a block of code stands on lines of its own: the line break next to it is its own end, not a blank
// line.
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
  const { command } = node.dataset;
  if (command) return el("button", { type: "button", class: "link", on: { click: () => sendText(command) } });
  if (node.nodeName === "A") return link(node.getAttribute("href") ?? "", sendText, {});
  if (node.nodeName === "TG-SPOILER" || SPOILER.some((name) => node.classList.contains(name))) return spoiler();
  return null;
}

function spoiler() {
  const node = el("span",
    { class: "spoiler", role: "button", tabIndex: 0, "aria-label": "Teks tersembunyi, tekan untuk melihat" });
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
